package dev.backops.processor;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;

/** Sources on disk: what is in memory only is no module to javac and no file to the Eclipse compiler. */
final class SourceDirectory {

    private static final Pattern ECLIPSE_PROBLEM = Pattern.compile("(?s)\\(at line (\\d+)\\)\\n(.*?)\\n----------");
    private static final Pattern MARKED_SOURCE = Pattern.compile("(?s).*\\n\\t *\\^+\\n");

    private final Path root;
    private final List<Path> files;

    private SourceDirectory(Path root, List<Path> files) {
        this.root = root;
        this.files = files;
    }

    static SourceDirectory of(Path parent, String... sources) throws IOException {
        Path root = Files.createTempDirectory(parent, "sources");
        Files.createDirectory(root.resolve("classes"));
        Files.createDirectory(root.resolve("generated"));
        List<Path> files = new ArrayList<>();
        for (String source : sources) {
            Path file = root.resolve(Compiled.qualifiedName(source).replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source));
        }
        return new SourceDirectory(root, files);
    }

    /** What javac says: the number of the line, then the message. */
    List<String> javac(String... options) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(diagnostics, null, null)) {
            JavaCompiler.CompilationTask task = compiler.getTask(
                    null,
                    manager,
                    diagnostics,
                    Stream.concat(Arrays.stream(options), commonOptions().stream())
                            .toList(),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            task.setProcessors(List.of(new BackOpsProcessor()));
            task.call();
        }
        return diagnostics.getDiagnostics().stream()
                .map(diagnostic -> diagnostic.getLineNumber() + ": "
                        + diagnostic.getMessage(Locale.ROOT).replace("\n      ", "\n    "))
                .toList();
    }

    /** What the Eclipse compiler says, in the same form. */
    List<String> eclipse(String... options) {
        List<String> arguments = new ArrayList<>(commonOptions());
        // Behind the class path: a processor path before it is ignored.
        arguments.addAll(List.of("-processorpath", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-processor", BackOpsProcessor.class.getName(), "-17", "-proceedOnError"));
        arguments.addAll(Arrays.asList(options));
        files.forEach(file -> arguments.add(file.toString()));
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        BatchCompiler.compile(arguments.toArray(String[]::new), writer, writer, null);
        Matcher problem = ECLIPSE_PROBLEM.matcher(output.toString().replace("\r", ""));
        List<String> problems = new ArrayList<>();
        while (problem.find()) {
            problems.add(problem.group(1) + ": "
                    + MARKED_SOURCE.matcher(problem.group(2)).replaceFirst(""));
        }
        if (problems.isEmpty() && !output.toString().isEmpty()) {
            problems.add(output.toString());
        }
        return problems;
    }

    String generated(String path) throws IOException {
        return Files.readString(root.resolve("generated").resolve(path));
    }

    private List<String> commonOptions() {
        return List.of(
                "-d",
                root.resolve("classes").toString(),
                "-s",
                root.resolve("generated").toString(),
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + root.resolve("classes"));
    }
}
