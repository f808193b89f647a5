package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes that people make, one or several of one kind to a file, in a folder of that kind. A comment marks each line on which
 * it is reported: {@code // error: NoSteps}, {@code // warning: NoSteps}, or {@code // javac error: NoSteps} and {@code // ecj
 * error: NoSteps} where the two compilers point at different lines; twice for two on one line.
 */
class MistakesTest {

    private static final Path MISTAKES = Path.of("src/test/resources/mistakes");
    private static final Path PAGES = Path.of("../docs/errors");
    private static final Pattern MARK = Pattern.compile("// (javac |ecj |)(?:error|warning): (\\w+)");
    private static final Pattern PROBLEM = Pattern.compile("(?s)(\\d+): (?:\\[BackOps/(\\w+)] )?(.*)");

    /** It takes more than one compilation of sources to make these; the tests named have them. */
    private static final Set<String> TAKE_MORE_THAN_SOURCES = Set.of(
            "AddedParam", // LockRuleTest
            "Bug", // ProcessorFailureTest
            "ChangedType", // LockRuleTest
            "InvalidLockFile", // LockFilesTest
            "InvalidLockOption", // LockFilesTest
            "LateType", // OperationRoundsTest
            "LostFormerName", // LockRuleTest
            "LostOperation", // LockFilesTest
            "LostStep", // LockRuleTest
            "OutdatedLock", // LockFilesTest
            "StaleOutput", // EclipseCompilerTest
            "UnprocessedAction", // ActionLibraryTest
            "UnstoredJump", // LockRuleTest
            "UnstoredOutput", // LockRuleTest
            "UnwritableLock"); // LockFilesTest

    @TempDir
    private Path directory;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(MISTAKES)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void mistake_isReportedOnItsLineByBothCompilers(Path file) throws IOException {
        String text = Files.readString(file);
        List<Problem> byJavac = problems(SourceDirectory.of(directory, text).javac("--should-stop=ifError=FLOW"));
        List<Problem> byEclipse = problems(eclipse(SourceDirectory.of(directory, text), text.contains("// warning:")));

        assertThat(byJavac).extracting(Problem::mark).containsExactlyInAnyOrderElementsOf(marks(text, "javac "));
        assertThat(byEclipse).extracting(Problem::mark).containsExactlyInAnyOrderElementsOf(marks(text, "ecj "));
        assertThat(byEclipse)
                .extracting(Problem::message)
                .containsExactlyInAnyOrderElementsOf(
                        byJavac.stream().map(Problem::message).toList());
        assertThat(byJavac).extracting(Problem::id).isNotEmpty().containsOnly(idOf(file));
    }

    /** The folder of a mistake is called as it. */
    private static String idOf(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }

    @Test
    void mistakes_areThoseWithAPage() throws IOException {
        Set<String> kinds = new TreeSet<>(TAKE_MORE_THAN_SOURCES);
        files().forEach(file -> kinds.add(idOf(file)));
        Set<String> pages = new TreeSet<>();
        try (Stream<Path> files = Files.list(PAGES)) {
            files.map(file -> file.getFileName().toString().replace(".md", ""))
                    .filter(name -> !name.equals("README"))
                    .forEach(pages::add);
        }
        assertThat(kinds).isEqualTo(pages);
    }

    private static List<String> marks(String source, String compiler) {
        List<String> marks = new ArrayList<>();
        List<String> lines = source.lines().toList();
        for (int line = 1; line <= lines.size(); line++) {
            Matcher mark = MARK.matcher(lines.get(line - 1));
            while (mark.find()) {
                if (mark.group(1).isEmpty() || mark.group(1).equals(compiler)) {
                    marks.add(line + ": " + mark.group(2));
                }
            }
        }
        return marks;
    }

    /** Without its own warnings: it has no option that silences them and no processor's. */
    private static List<String> eclipse(SourceDirectory sources, boolean warnings) {
        return warnings
                ? sources.eclipse().stream()
                        .filter(printed -> printed.contains("[BackOps/"))
                        .toList()
                : sources.eclipse("-warn:none");
    }

    private static List<Problem> problems(List<String> printed) {
        return printed.stream().map(Problem::of).toList();
    }

    /** What a compiler reports; the compiler's own problems have its message for an id, and hence match no mark. */
    private record Problem(String line, String id, String message) {

        static Problem of(String printed) {
            Matcher problem = PROBLEM.matcher(printed);
            assertThat(problem.matches()).as(printed).isTrue();
            String message = problem.group(3);
            return new Problem(problem.group(1), problem.group(2) == null ? message : problem.group(2), message);
        }

        String mark() {
            return line + ": " + id;
        }
    }
}
