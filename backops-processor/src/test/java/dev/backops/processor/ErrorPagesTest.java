package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kind of mistake has its page in the documentation, and every page its mistake. */
class ErrorPagesTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/backops/processor");
    private static final Path PAGES = Path.of("../docs/errors");
    private static final Pattern ID =
            Pattern.compile("(?:error|warning|addProblem)\\(\\s*(?:owner,\\s*)?\"([A-Z]\\w+)\"|\\[BackOps/(\\w+)]");
    private static final Pattern WRONG_AND_RIGHT =
            Pattern.compile("(?s)\\nWrong:\\n\\n```\\w+\\n.+?\\n```\\n.*\\nRight[^`]*\\n\\n```\\w+\\n.+?\\n```\\n");

    /** What is wrong is no code: a file of the build, another processor, or ours. */
    private static final Set<String> WITHOUT_CODE = Set.of(
            "Bug",
            "InvalidLockFile",
            "InvalidLockOption",
            "LateType",
            "OutdatedLock",
            "StaleOutput",
            "UnprocessedAction",
            "UnwritableLock");

    @Test
    void pages_areThoseOfTheMistakes() throws IOException {
        assertThat(pages()).isEqualTo(ids());
    }

    @Test
    void pages_showWrongAndRightCode() throws IOException {
        for (String id : pages()) {
            String page = Files.readString(PAGES.resolve(id + ".md"));
            assertThat(page).startsWith("# " + id + "\n");
            assertThat(WRONG_AND_RIGHT.matcher(page).find())
                    .as(id + " shows wrong and right code")
                    .isEqualTo(!WITHOUT_CODE.contains(id));
        }
    }

    private static Set<String> ids() throws IOException {
        Set<String> ids = new TreeSet<>();
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Matcher id = ID.matcher(Files.readString(source));
                while (id.find()) {
                    ids.add(id.group(1) == null ? id.group(2) : id.group(1));
                }
            }
        }
        return ids;
    }

    private static Set<String> pages() throws IOException {
        Set<String> pages = new TreeSet<>();
        try (Stream<Path> files = Files.list(PAGES)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .forEach(name -> pages.add(name.replace(".md", "")));
        }
        return pages;
    }
}
