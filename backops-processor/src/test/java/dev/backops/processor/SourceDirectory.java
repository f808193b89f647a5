package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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

    private static final Pattern MODULE_NAME = Pattern.compile("<module.name>(.*)</module.name>");
    private static final Pattern ECLIPSE_PROBLEM = Pattern.compile("(?s)\\(at line (\\d+)\\)\\n(.*?)\\n----------");
    private static final Pattern MARKED_SOURCE = Pattern.compile("(?s).*\\n\\t *\\^+\\n");

    private final Path root;
    private final List<Path> files;
    private final List<Path> libraries;
    private final List<Path> modules;

    private SourceDirectory(Path root, List<Path> files, List<Path> libraries, List<Path> modules) {
        this.root = root;
        this.files = files;
        this.libraries = libraries;
        this.modules = modules;
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
        return new SourceDirectory(root, files, List.of(), List.of());
    }

    /** The same sources, compiled against the class files of others. */
    SourceDirectory with(Path... jars) {
        return new SourceDirectory(root, files, List.of(jars), List.of());
    }

    /** The same sources, compiled against all jars as modules; classes that are in no jar yet are packed as the build does. */
    SourceDirectory onModulePath() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (entry.endsWith(".jar")) {
                modules.add(path);
            } else if (path.endsWith("target/classes")) {
                Matcher name = MODULE_NAME.matcher(Files.readString(path.resolve("../../pom.xml")));
                assertThat(name.find()).isTrue();
                Manifest manifest = new Manifest();
                manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
                manifest.getMainAttributes().putValue("Automatic-Module-Name", name.group(1));
                modules.add(jar(path, root.resolve(name.group(1) + ".jar"), manifest));
            }
        }
        return new SourceDirectory(root, files, List.of(), modules);
    }

    /** The class files, packed as a library is. */
    Path jar() throws IOException {
        return jar(root.resolve("classes"), root.resolve("library.jar"), new Manifest());
    }

    private static Path jar(Path classes, Path jar, Manifest manifest) throws IOException {
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), manifest);
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
        if (!modules.isEmpty()) {
            // It takes the class path of its own process where none is given.
            arguments.addAll(List.of("-cp", root.resolve("classes").toString()));
        }
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
        Stream<?> path = modules.isEmpty()
                ? Stream.concat(
                        Stream.of(System.getProperty("java.class.path"), root.resolve("classes")), libraries.stream())
                : modules.stream();
        return List.of(
                "-encoding",
                "UTF-8",
                "-d",
                root.resolve("classes").toString(),
                "-s",
                root.resolve("generated").toString(),
                modules.isEmpty() ? "-cp" : "--module-path",
                path.map(Object::toString).collect(Collectors.joining(File.pathSeparator)));
    }
}
