package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;

import dev.backops.processor.Compiled.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a change does to operations that are stored already. */
class LockRuleTest {

    @TempDir
    private Path directory;

    @Test
    void whatCountsForNewOperationsAlone_isFree() {
        stored("""
                record Params(long id, boolean express) {}
                enum Way { RED, BLUE }
                @Step(output = "receipt") String charge(long id) { return ""; }
                @Step(jumpsTo = {"red", "blue"}) Way choose() { return Way.RED; }
                @Step(branch = "red") void setUpRed() {}
                @Step(branch = "blue") void setUpBlue(String receipt) {}
                @Step void send(boolean express) {}
                """);
        changed("""
                record Params(@Default("EU") String region, long id, @Nullable String note) {}
                enum Way { RED }
                @Step(timeout = "PT1M") void send(@Nullable String note, String region) {}
                @Step(output = "receipt", onFailure = "undo") String charge(long id, StepRun run) { return ""; }
                @Step(output = "plan") String plan() { return ""; }
                @Step(jumpsTo = "red") @Nullable Way choose() { return Way.RED; }
                @Step(branch = "red") void setUpRed(Optional<String> plan) {}
                @Step void setUpBlue(String receipt) {}
                @Step(branch = "undo") void apologise() {}
                """).succeeds();
    }

    /** As the pages of LostStep and UnstoredJump advise. */
    @Test
    void stepOnABranchThatNothingJumpsTo_isThereForStoredOperations() {
        String source = """
                enum Way { RED, GREEN }
                enum OldWay { RED }
                @Step(jumpsTo = "red") OldWay choose() { return OldWay.RED; }
                @Step(branch = "red", output = "plan") String setUpRed() { return ""; }
                """;
        stored(source);
        changed(source.replace("@Step(jumpsTo", "@Step(branch = \"retired\", jumpsTo")
                                .replace(
                                        "@Step(branch = \"retired\"",
                                        "@SuppressWarnings(\"BackOps/UnreachableBranch\")\n@Step(branch = \"retired\"")
                        + "@Step(jumpsTo = {\"red\", \"green\"}) Way chooseSetup() { return Way.RED; }\n"
                        + "@Step(branch = \"green\") void setUpGreen() {}")
                .succeeds();
    }

    @Test
    void renamedEverything_withFormerNames_isFree() {
        stored("""
                record Params(long id) {}
                enum Way { RED }
                @Step(output = "tx") String pay(long id) { return ""; }
                @Step(jumpsTo = "crimson") Way choose() { return Way.RED; }
                @Step(branch = "crimson") void setUp(String tx) {}
                """.replace("RED", "CRIMSON"));
        String renamed = """
                record Params(@Formerly("id") long subscriptionId) {}
                enum Way { RED }
                @Step(formerly = "pay", output = "receipt", outputFormerly = "tx")
                String charge(long subscriptionId) { return ""; }
                @Step(jumpsTo = "red") Way choose() { return Way.RED; }
                @Step(branch = "red", branchFormerly = "crimson") void setUp(String receipt) {}
                """;
        changed(renamed).succeeds();
        stored(renamed);
        changed(renamed.replace("@Formerly(\"id\") ", "")
                        .replace("formerly = \"pay\", ", "")
                        .replace(", outputFormerly = \"tx\"", "")
                        .replace(", branchFormerly = \"crimson\"", ""))
                .fails(
                        lostName("record Params(long subscriptionId) {}", "id", "subscriptionId"),
                        lostName("@Step(output = \"receipt\")", "tx", "receipt"),
                        lostName("String charge(long subscriptionId) { return \"\"; }", "pay", "charge"),
                        lostName("@Step(branch = \"red\") void setUp(String receipt) {}", "crimson", "red"));
    }

    @Test
    void formerNameOfTheOperation_isKept() {
        String operation = fulfillment("@Step void charge() {}");
        String renamed = operation.replace("(\"fulfillment\")", "(value = \"orders\", formerly = \"fulfillment\")");
        compiled("update", operation).succeeds();
        compiled("update", renamed).succeeds();
        compiled("check", operation.replace("\"fulfillment\"", "\"orders\""))
                .fails(lostName("@dev.backops.annotation.Operation(\"orders\")", "fulfillment", "orders"));
    }

    @Test
    void renamedStep_isReported() {
        stored("@Step void charge() {}\n@Step void send() {}");
        changed("@Step void chargeCard() {}\n@Step void send() {}").fails(lostStep("charge", "chargeCard"));
    }

    @Test
    void removedSteps_areReportedEach() {
        stored("@Step void charge() {}\n@Step void book() {}\n@Step void send() {}");
        changed("@Step void charge() {}").fails(lostStep("book", "another step"), lostStep("send", "another step"));
    }

    /** Both are before an operation that was stored in between. */
    @Test
    void stepThatTakesThePlaceOfTwo_isReported() {
        stored("@Step void charge() {}\n@Step void book() {}");
        changed("@Step(formerly = {\"charge\", \"book\"}) void both() {}").fails(lostStep("book", "another step"));
    }

    @Test
    void newParam_isReported() {
        stored("record Params(long id) {}\n@Step void charge() {}");
        changed("""
                        record Params(
                            long id,
                            String region) {}
                        @Step void charge() {}
                        """)
                .failsAt(
                        "String region) {}",
                        "[BackOps/AddedParam] Param \"region\" is new, so stored operations are without it.",
                        "Give it a value for those with @Default(\"…\"), or make it @Nullable.",
                        LockRule.ACCEPT);
    }

    @ParameterizedTest
    @CsvSource({"long", "@Nullable Long", "@Default(\"1\") long", "Optional<Long>", "@Nullable String"})
    void paramInPlaceOfAnother_isReported(String type) {
        stored("record Params(int id) {}\n@Step void charge() {}");
        Compiled compiled = changed("record Params(" + type + " subscriptionId) {}\n@Step void charge() {}");
        if (type.contains("String")) {
            compiled.succeeds();
        } else {
            compiled.failsAt(
                    "record Params(" + type + " subscriptionId) {}",
                    "[BackOps/AddedParam] Param \"subscriptionId\" is new and \"id\" is gone: stored operations have only"
                            + " that.",
                    "If it was renamed, say @Formerly(\"id\").",
                    LockRule.ACCEPT);
        }
    }

    @ParameterizedTest
    @CsvSource({"@Nullable String", "Optional<String>", "@Default(\"EU\") String"})
    void paramThatMustBeThereNow_isReported(String before) {
        stored("record Params(" + before + " region) {}\n@Step void charge() {}");
        changed("record Params(String region) {}\n@Step void charge() {}")
                .failsAt(
                        "record Params(String region) {}",
                        "[BackOps/AddedParam] Param \"region\" must be there now, but stored operations may be without it.",
                        "Give it a value for those with @Default(\"…\"), or make it @Nullable.",
                        LockRule.ACCEPT);
        changed("record Params(@Default(\"US\") String region) {}\n@Step void charge() {}")
                .succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            long            | String       | long                       | String
            String          | long         | String                     | long
            long            | int          | long                       | int
            double          | float        | double                     | float
            Plan            | Size         | enum(RED,BLUE)             | enum(RED)
            String          | Plan         | String                     | enum(RED,BLUE)
            List<Long>      | Long         | List<long>                 | long
            List<Long>      | List<UUID>   | List<long>                 | List<UUID>
            Map<String,Plan>| List<Plan>   | Map<String,enum(RED,BLUE)> | List<enum(RED,BLUE)>
            Instant         | LocalDate    | Instant                    | LocalDate
            boolean         | String       | boolean                    | String
            """)
    void changedType_isReported(String before, String after, String stored, String read) {
        String source = "record Params(TYPE id) {}\nenum Plan { RED, BLUE }\nenum Size { RED }\n"
                + "@Step(output = \"receipt\")\nTYPE charge() { throw new IllegalStateException(); }";
        stored(source.replace("TYPE", before));
        changed(source.replace("TYPE", after))
                .fails(
                        changedType(
                                "record Params(" + after + " id) {}", "param \"id\"", stored, read, "a nullable param"),
                        changedType("@Step(output = \"receipt\")", "output \"receipt\"", stored, read, "an output"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int        | long
            Short      | BigDecimal
            float      | double
            UUID       | String
            Plan       | String
            char       | String
            Plan       | Size
            CustomerId | UUID
            UUID       | CustomerId
            List<Byte> | Set<Integer>
            """)
    void typeThatReadsWhatIsStored_isFree(String before, String after) {
        String source = "record Params(TYPE id) {}\nenum Plan { RED, BLUE }\nenum Size { BLUE, GREEN, RED }\n"
                + "record CustomerId(UUID value) {}\n@Step void charge() {}";
        stored(source.replace("TYPE", before));
        changed(source.replace("TYPE", after)).succeeds();
    }

    @Test
    void outputOfANewStep_isNotThereForStoredOperations() {
        stored("@Step void charge() {}\n@Step void send() {}");
        changed("@Step void charge() {}\n@Step(output = \"plan\") String plan() { return \"\"; }\n"
                        + "@Step void send(String plan) {}")
                .fails(unstored("@Step void send(String plan) {}", "send", "plan"));
    }

    /** Operations that have completed the step are without it. */
    @Test
    void outputThatAnOldStepSetsOnlyToday_isNotThereForStoredOperations() {
        stored("@Step void charge() {}\n@Step void send() {}");
        changed("@Step(output = \"tx\") String charge() { return \"\"; }\n@Step void send(String tx) {}")
                .fails(unstored("@Step void send(String tx) {}", "send", "tx"));
    }

    /** Operations that have not reached the step yet will be without it. */
    @Test
    void outputThatAnotherStepSetsToday_isNotThereForStoredOperations() {
        stored("@Step(output = \"tx\") String charge() { return \"\"; }\n@Step void send(String tx) {}");
        changed("@Step void charge() {}\n@Step(output = \"tx\") String book() { return \"\"; }\n"
                        + "@Step void send(String tx) {}")
                .fails(unstored("@Step void send(String tx) {}", "send", "tx"));
    }

    @Test
    void outputThatCouldBeUnset_mayBeSoInStoredOperations() {
        stored(
                "@Step(output = \"tx\") @Nullable String charge() { return null; }\n@Step void send(Optional<String> tx) {}");
        changed("@Step(output = \"tx\") String charge() { return \"\"; }\n@Step void send(String tx) {}")
                .fails(unstored("@Step void send(String tx) {}", "send", "tx"));
    }

    @Test
    void outputThatOnlyTheNewOrderSets_isNotThereForStoredOperations() {
        stored("@Step void send() {}\n@Step(output = \"tx\") String charge() { return \"\"; }");
        changed("@Step(output = \"tx\") String charge() { return \"\"; }\n@Step void send(String tx) {}")
                .fails(unstored("@Step void send(String tx) {}", "send", "tx"));
    }

    @Test
    void jumpToWhatIsNotStored_isReported() {
        String source = """
                enum Way { RED, BLUE }
                @Step(jumpsTo = {"red", "blue"})
                Way choose() { return Way.RED; }
                @Step(branch = "red") void setUpRed() {}
                @Step(branch = "blue") void setUpBlue() {}
                """;
        stored(source.replace("blue", "azure").replace("BLUE", "AZURE"));
        changed(source)
                .failsAt(
                        "@Step(jumpsTo = {\"red\", \"blue\"})",
                        "[BackOps/UnstoredJump] choose jumps to \"blue\", which operations that are stored already do not have:"
                                + " they fail there.",
                        "If it had another name, say so with formerly or branchFormerly.",
                        LockRule.ACCEPT);
    }

    private void stored(String body) {
        compiled("accept", fulfillment(body)).succeeds();
    }

    private Compiled changed(String body) {
        return compiled("check", fulfillment(body));
    }

    private Compiled compiled(String mode, String source) {
        return Compiled.with(
                List.of(
                        "-Xlint:all,-processing",
                        "--should-stop=ifError=FLOW",
                        "-Abackops.lock=" + directory,
                        "-Abackops.lock.mode=" + mode),
                List.of(new BackOpsProcessor()),
                source);
    }

    private static Problem lostName(String line, String former, String name) {
        return Problem.at(
                line,
                "[BackOps/LostFormerName] Operations may be stored with \"" + former + "\", which \"" + name
                        + "\" was called before.",
                "Keep \"" + former + "\" among its former names until they are done.",
                LockRule.ACCEPT);
    }

    private static Problem lostStep(String step, String heir) {
        return Problem.at(
                "class Fulfillment {",
                "[BackOps/LostStep] Stored operations may have the step \"" + step
                        + "\" before them, which Fulfillment does not have.",
                "If " + heir + " takes its place, say formerly = \"" + step
                        + "\" there; if not, keep it until they are done.",
                LockRule.ACCEPT);
    }

    private static Problem changedType(String line, String what, String stored, String read, String instead) {
        return Problem.at(
                line,
                "[BackOps/ChangedType] Stored operations may have the " + what + " as " + stored
                        + ", which cannot be read as " + read + ".",
                "Keep the type, or add " + instead + " of another name.",
                LockRule.ACCEPT);
    }

    private static Problem unstored(String line, String step, String output) {
        return Problem.at(
                line,
                "[BackOps/UnstoredOutput] " + step + " takes \"" + output
                        + "\", which nothing sets on the way of operations that are stored already.",
                "Take it as @Nullable or Optional; if it had another name, say so with outputFormerly.",
                LockRule.ACCEPT);
    }
}
