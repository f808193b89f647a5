package dev.backops.examples;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Eclipse compiler takes the examples as javac does, and the processor writes the same for both. */
class EclipseCompilerTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path CLASSES_BY_JAVAC = Path.of("target/classes").toAbsolutePath();
    private static final Path GENERATED_UNDER_JAVAC = Path.of("target/generated-sources/annotations");

    @TempDir
    private Path directory;

    @Test
    void examples_compileAndAreGeneratedAsByJavac() throws IOException {
        StringWriter printed = new StringWriter();
        PrintWriter writer = new PrintWriter(printed);
        Path generated = Files.createDirectory(directory.resolve("generated"));
        List<String> arguments = new ArrayList<>(List.of("-17", "-warn:none"));
        arguments.addAll(List.of("-d", directory.resolve("classes").toString(), "-s", generated.toString()));
        // Behind the class path: a processor path before it is ignored.
        arguments.addAll(List.of("-cp", classPath(), "-processorpath", classPath()));
        arguments.addAll(List.of("-processor", "dev.backops.processor.BackOpsProcessor"));
        arguments.addAll(javaFiles(SOURCES).keySet().stream()
                .map(file -> SOURCES.resolve(file).toString())
                .toList());

        BatchCompiler.compile(arguments.toArray(String[]::new), writer, writer, null);

        assertThat(printed.toString()).isEmpty();
        assertThat(javaFiles(generated)).isNotEmpty().isEqualTo(javaFiles(GENERATED_UNDER_JAVAC));
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(CLASSES_BY_JAVAC))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Map<String, String> javaFiles(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                contents.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
