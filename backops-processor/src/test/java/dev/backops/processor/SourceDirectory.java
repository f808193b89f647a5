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
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.annotation.processing.Processor;
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
    private final List<Path> libraries;

    private SourceDirectory(Path root, List<Path> files, List<Path> libraries) {
        this.root = root;
        this.files = files;
        this.libraries = libraries;
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
        return new SourceDirectory(root, files, List.of());
    }

    /** The same sources, compiled against the class files of others. */
    SourceDirectory with(Path... jars) {
        return new SourceDirectory(root, files, List.of(jars));
    }

    /** The class files, packed as a library is. */
    Path jar() throws IOException {
        Path classes = root.resolve("classes");
        Path jar = root.resolve("library.jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                output.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                output.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }

    /** What javac says: the number of the line, then the message. */
    List<String> javac(String... options) throws IOException {
        return javac(List.of(new BackOpsProcessor()), options);
    }

    List<String> javac(List<Processor> processors, String... options) throws IOException {
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
            task.setProcessors(processors);
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
                Stream.concat(
                                Stream.of(System.getProperty("java.class.path"), root.resolve("classes")),
                                libraries.stream())
                        .map(Object::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
    }
}
