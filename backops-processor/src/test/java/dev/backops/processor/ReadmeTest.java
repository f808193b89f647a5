package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README shows what the compiler prints. */
class ReadmeTest {

    private static final Path SOURCE = Path.of("src/test/resources/readme/Fulfillment.java");
    private static final Pattern MESSAGES = Pattern.compile("(?s)\n *```\n( *Fulfillment\\.java:.*?)\n *```\n");

    @Test
    void messages_areThoseOfTheCompiler(@TempDir Path directory) throws IOException {
        Matcher shown = MESSAGES.matcher(Files.readString(Path.of("../README.md")));

        assertThat(shown.find()).isTrue();
        assertThat(shown.group(1).stripIndent()).isEqualTo(printed(directory));
    }

    /** What javac prints, but for the directory of the source and the number of errors. */
    private static String printed(Path directory) throws IOException {
        StringWriter output = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavaCompiler.CompilationTask task = compiler.getTask(
                    output,
                    files,
                    null,
                    List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path")),
                    null,
                    files.getJavaFileObjects(SOURCE));
            task.setProcessors(List.of(new BackOpsProcessor()));
            assertThat(task.call()).isFalse();
        }
        return output.toString()
                .replace(SOURCE.toString(), SOURCE.getFileName().toString())
                .lines()
                .filter(line -> !line.matches("\\d+ errors"))
                .collect(Collectors.joining("\n"));
    }
}
