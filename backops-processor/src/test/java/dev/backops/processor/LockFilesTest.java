package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files themselves: when they are read and written, and what is wrong with them. */
class LockFilesTest {

    private static final String ONE_STEP = fulfillment("@Step void charge() {}");
    private static final String TWO_STEPS = fulfillment("@Step void charge() {}\n@Step void send() {}");

    @TempDir
    private Path project;

    @Test
    void update_writesEverythingThatStoredOperationsNeed() throws IOException {
        update(fulfillment("""
                        record Params(long id, @Default("a \\"b\\"\\nc") @Formerly("area") String region, Optional<Plan> plan,
                            List<CustomerId> customers) {}
                        enum Plan { RED, BLUE }
                        enum Way { RED, BLUE }
                        record CustomerId(UUID value) {}
                        @Step(formerly = "pay", output = "receipt", outputFormerly = "tx", onFailure = "undo")
                        @Nullable String charge() { return null; }
                        @Step(jumpsTo = {"red", "blue"}) Way choose() { return Way.RED; }
                        @Step(branch = "red", branchFormerly = "crimson", then = "end") void setUpRed() {}
                        @Step(branch = "blue") void setUpBlue() {}
                        @Step(branch = "undo") void apologise() {}
                        """).replace("(\"fulfillment\")", "(value = \"fulfillment\", formerly = \"orders\")"));
        assertThat(lock()).isEqualTo("""
                        # What stored operations may need of the code, for the compiler to compare. Written by BackOps when it is asked
                        # to, with -Abackops.lock.mode=update (or accept, where stored operations would be left behind).

                        operation fulfillment
                        class demo.Fulfillment
                        operation formerly orders

                        param id long
                        param region String
                        param region default "a "b"\\nc"
                        param region formerly area
                        param plan enum(RED,BLUE) nullable
                        param customers List<UUID>

                        step charge branch main
                        step charge formerly pay
                        step charge output receipt String nullable
                        step charge on-failure undo

                        step choose branch main
                        step choose jumps red
                        step choose jumps blue

                        step setUpRed branch red
                        step setUpRed then end

                        step setUpBlue branch blue

                        step apologise branch undo

                        output receipt formerly tx
                        branch red formerly crimson
                        """);
        assertThat(files()).containsExactly("fulfillment.lock");
    }

    @Test
    void writtenFile_isReadAsWritten() throws IOException {
        update(TWO_STEPS);
        compiled("exact", TWO_STEPS).succeeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "exact"})
    void otherModes_writeNothing(String mode) throws IOException {
        compiled(mode, ONE_STEP);
        assertThat(files()).isEmpty();
        update(ONE_STEP);
        String before = lock();
        compiled(mode, TWO_STEPS);
        assertThat(lock()).isEqualTo(before);
    }

    @Test
    void withoutAMode_theFileIsCompared() {
        update(TWO_STEPS);
        with(List.of("-Abackops.lock=" + directory()), ONE_STEP).fails(lostSend());
    }

    @Test
    void withoutOptions_nothingIsCompared() {
        update(TWO_STEPS);
        with(List.of(), ONE_STEP).succeeds();
    }

    @Test
    void update_writesNothingThatWouldLeaveOperationsBehind() throws IOException {
        update(TWO_STEPS);
        String before = lock();
        compiled("update", ONE_STEP).fails(lostSend());
        assertThat(lock()).isEqualTo(before);
    }

    @Test
    void accept_writesIt() throws IOException {
        update(TWO_STEPS);
        compiled("accept", ONE_STEP).succeeds();
        assertThat(lock()).doesNotContain("send");
        compiled("exact", ONE_STEP).succeeds();
    }

    @Test
    void accept_withAMistake_writesNothing() throws IOException {
        update(ONE_STEP);
        String before = lock();
        assertThat(compiled("accept", fulfillment("@Step void charge(String email) {}"))
                        .errors())
                .hasSize(1);
        assertThat(lock()).isEqualTo(before);
    }

    @Test
    void exact_reportsEachDifference() {
        update(ONE_STEP);
        compiled("exact", fulfillment("@Step(formerly = \"pay\") void charge() {}\n@Step void send() {}"))
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/OutdatedLock] The lock file " + file() + " is behind.",
                        "Compile with -Abackops.lock.mode=update, and commit the file.",
                        "+ step charge formerly pay",
                        "+ step send branch main");
    }

    @Test
    void exact_reportsAnotherOrder() {
        update(TWO_STEPS);
        compiled("exact", fulfillment("@Step void send() {}\n@Step void charge() {}"))
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/OutdatedLock] The lock file " + file() + " has another order.",
                        "Compile with -Abackops.lock.mode=update, and commit the file.");
    }

    @Test
    void exact_reportsAMissingFile() {
        compiled("exact", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/OutdatedLock] The lock file " + file() + " is not there.",
                        "Compile with -Abackops.lock.mode=update, and commit the file.");
    }

    @Test
    void otherEndsOfLinesAndComments_areNoDifference() throws IOException {
        update(ONE_STEP);
        String edited = "# Ours.\r\n" + lock().replace("\n", "\r\n");
        Files.writeString(file(), edited);
        compiled("exact", ONE_STEP).succeeds();
        compiled("update", ONE_STEP).succeeds();
        assertThat(lock()).isEqualTo(edited);
    }

    @Test
    void renamedOperation_takesItsFileAlong() throws IOException {
        update(ONE_STEP);
        String renamed = ONE_STEP.replace("(\"fulfillment\")", "(value = \"orders\", formerly = \"fulfillment\")");
        compiled("check", renamed).succeeds();
        compiled("update", renamed).succeeds();
        assertThat(files()).containsExactly("orders.lock");
        compiled("exact", renamed).succeeds();
    }

    @Test
    void renamedOperation_isComparedWithItsFormerFile() {
        update(TWO_STEPS);
        compiled("check", ONE_STEP.replace("(\"fulfillment\")", "(value = \"orders\", formerly = \"fulfillment\")"))
                .fails(lostSend());
    }

    @Test
    void renamedOperation_withoutItsFormerName_isReported() throws IOException {
        update(ONE_STEP);
        String renamed = ONE_STEP.replace("\"fulfillment\"", "\"orders\"");
        compiled("check", renamed)
                .failsAt(
                        "@dev.backops.annotation.Operation(\"orders\")",
                        "[BackOps/LostOperation] Fulfillment was \"fulfillment\" before, and operations may be stored under that"
                                + " name.",
                        "Say formerly = \"fulfillment\".",
                        LockRule.ACCEPT);
        compiled("accept", renamed).succeeds();
        assertThat(files()).containsExactly("orders.lock");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <<<<<<< HEAD                  | has the marks of a merge conflict in line 8.
            =======                       | has the marks of a merge conflict in line 8.
            step                          | says in line 8 what cannot be understood: step
            stepcharge branch main        | says in line 8 what cannot be understood: stepcharge branch main
            step charge branch main       | says in line 8 what cannot be understood: step charge branch main
            step send formerly archive    | says in line 8 what cannot be understood: step send formerly archive
            param id                      | says in line 8 what cannot be understood: param id
            param id default "1"          | says in line 8 what cannot be understood: param id default "1"
            operation other               | says in line 8 what cannot be understood: operation other
            """)
    void editedFile_isReported(String line, String problem) throws IOException {
        update(ONE_STEP);
        Files.writeString(file(), line + "\n", StandardOpenOption.APPEND);
        for (String mode : List.of("check", "update", "exact")) {
            compiled(mode, ONE_STEP)
                    .failsAt(
                            "class Fulfillment {",
                            "[BackOps/InvalidLockFile] The lock file " + file() + " " + problem,
                            "Take it from version control again, then compile with -Abackops.lock.mode=update.");
        }
        compiled("accept", ONE_STEP).succeeds();
        compiled("exact", ONE_STEP).succeeds();
    }

    @Test
    void fileWithoutAnything_isReported() throws IOException {
        Files.createDirectories(directory());
        Files.createFile(file());
        compiled("check", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockFile] The lock file " + file()
                                + " does not say of which operation and class it is.",
                        "Take it from version control again, then compile with -Abackops.lock.mode=update.");
    }

    @Test
    void fileThatIsNoText_isReported() throws IOException {
        Files.createDirectories(directory());
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe});
        compiled("check", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockFile] The lock file " + file()
                                + " cannot be read: java.nio.charset.MalformedInputException: Input length = 1",
                        "Take it from version control again, then compile with -Abackops.lock.mode=update.");
        compiled("accept", ONE_STEP).succeeds();
    }

    @Test
    void fileOfAnotherOperation_isReported() throws IOException {
        update(ONE_STEP);
        Files.writeString(file(), lock().replace("operation fulfillment", "operation orders"));
        compiled("check", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockFile] The lock file " + file()
                                + " is of orders, which its name does not say.",
                        "Take it from version control again, then compile with -Abackops.lock.mode=update.");
    }

    @Test
    void directoryThatIsAFile_isReported() throws IOException {
        Files.createFile(directory());
        compiled("update", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/UnwritableLock] The lock file " + file()
                                + " cannot be written: java.nio.file.FileAlreadyExistsException: " + directory(),
                        "Mend that, or name another directory with -Abackops.lock.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -Abackops.lock=backops | -Abackops.lock=backops is no absolute path.
            -Abackops.lock=        | -Abackops.lock= is no absolute path.
            -Abackops.lock         | -Abackops.lock= is no absolute path.
            """)
    void directoryThatIsNotAbsolute_isReportedOnce(String option, String problem) {
        with(List.of(option), ONE_STEP, ONE_STEP.replace("ulfillment", "ulfilment"))
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockOption] " + problem,
                        "A compiler runs in any directory: let the build tool complete the path, for example"
                                + " ${project.basedir}/backops in Maven.");
    }

    @Test
    void unknownMode_isReported() {
        compiled("write", ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockOption] -Abackops.lock.mode=write is no way to treat lock files.",
                        "There are: check, exact, update, accept");
    }

    @Test
    void modeWithoutDirectory_isReported() {
        with(List.of("-Abackops.lock.mode=update"), ONE_STEP)
                .failsAt(
                        "class Fulfillment {",
                        "[BackOps/InvalidLockOption] -Abackops.lock.mode is given, but not where the lock files are.",
                        "Say so with -Abackops.lock=/absolute/path.");
    }

    /** None ever meets half a file, and nothing else is left in the directory. */
    @Test
    void compilationsAtTheSameTime_writeWholeFiles() throws Exception {
        ExecutorService compilers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<String>>> builds = IntStream.range(0, 12)
                    .mapToObj(build ->
                            (Callable<List<String>>) () -> compiled("accept", build % 2 == 0 ? ONE_STEP : TWO_STEPS)
                                    .errors())
                    .toList();
            for (Future<List<String>> build : compilers.invokeAll(builds)) {
                assertThat(build.get()).isEmpty();
            }
        } finally {
            compilers.shutdownNow();
        }
        assertThat(files()).containsExactly("fulfillment.lock");
        compiled("check", TWO_STEPS).succeeds();
    }

    @Test
    void eclipse_reportsAndWritesAsJavac() throws IOException {
        SourceDirectory two = SourceDirectory.of(project, TWO_STEPS);
        assertThat(two.eclipse("-warn:none", "-Abackops.lock=" + directory(), "-Abackops.lock.mode=update"))
                .isEmpty();
        String byEclipse = lock();
        Files.delete(file());
        update(TWO_STEPS);
        assertThat(lock()).isEqualTo(byEclipse);
        SourceDirectory other = SourceDirectory.of(project, fulfillment("""
                        record Params(
                            long id) {}
                        @Step void charge() {}
                        """));
        List<String> byJavac = other.javac("-Abackops.lock=" + directory());
        assertThat(byJavac).hasSize(2).allMatch(message -> message.contains("[BackOps/"));
        // It shows components at the class.
        assertThat(other.eclipse("-warn:none", "-Abackops.lock=" + directory()))
                .containsExactlyInAnyOrderElementsOf(byJavac.stream()
                        .map(message -> message.replaceFirst("^16:", "14:"))
                        .toList());
    }

    private static Compiled.Problem lostSend() {
        return Compiled.Problem.at(
                "class Fulfillment {",
                "[BackOps/LostStep] Stored operations may have the step \"send\" before them, which Fulfillment does not have.",
                "If another step takes its place, say formerly = \"send\" there; if not, keep it until they are done.",
                LockRule.ACCEPT);
    }

    private void update(String source) {
        compiled("update", source).succeeds();
    }

    private Compiled compiled(String mode, String source) {
        return with(List.of("-Abackops.lock=" + directory(), "-Abackops.lock.mode=" + mode), source);
    }

    private static Compiled with(List<String> options, String... sources) {
        return Compiled.with(
                Stream.concat(Stream.of("-Xlint:all,-processing", "--should-stop=ifError=FLOW"), options.stream())
                        .toList(),
                List.of(new BackOpsProcessor()),
                sources);
    }

    private Path directory() {
        return project.resolve("backops");
    }

    private Path file() {
        return directory().resolve("fulfillment.lock");
    }

    private String lock() throws IOException {
        return Files.readString(file());
    }

    private List<String> files() throws IOException {
        if (!Files.exists(directory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
