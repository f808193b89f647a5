package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.processor.Compiled.Problem;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTypeTest {

    private static final String PARAMS = "record Params(long id, Instant dueAt) {}";
    private static final String CHARGE =
            "class Charge { @Step(output = \"paymentId\") String call(long id) { return \"\"; } }";
    private static final String SEND = "class Send { @Step void call(String paymentId) {} }";

    @Test
    void uses_overrideWhatTheActionTypeSays() {
        Compiled compiled = Compiled.of(sources(
                operation("uses = {@Use(Charge.class), @Use(value = Charge.class, name = \"chargeAgain\", output ="
                        + " \"secondId\", at = \"dueAt\", onFailure = \"\", retry = @Retry(maxAttempts = 2)),"
                        + " @Use(value = Charge.class, name = \"third\", output = \"thirdId\", delay = \"PT3S\","
                        + " then = \"end\")}, branches = @Branch(name = \"undo\", actions = Refund.class)"),
                "class Charge { @Step(output = \"paymentId\", delay = \"PT1H\", onFailure = \"undo\") String call(long id)"
                        + " { return \"\"; } }",
                "class Refund { @Step void call() {} }",
                "class User { Object steps() { return ShopOperation.steps(new Charge(), new Refund()); } }"));
        compiled.succeeds();
        assertThat(compiled.source("demo.ShopOperation")).contains("""
                            .step(StepDefinition.named("charge")
                                    .reads("id")
                                    .outputs(ShopContext.PAYMENT_ID)
                                    .onFailure("undo")
                                    .delay("PT1H"))
                            .step(StepDefinition.named("chargeAgain")
                                    .reads("id")
                                    .outputs(ShopContext.SECOND_ID)
                                    .at("dueAt")
                                    .retry(RetryPolicy.of(2, "PT1S", 2.0, "PT1H", 0.2)))
                            .step(StepDefinition.named("third")
                                    .reads("id")
                                    .outputs(ShopContext.THIRD_ID)
                                    .then("end")
                                    .onFailure("undo")
                                    .delay("PT3S"))
                        """.indent(8).stripTrailing());
    }

    @Test
    void outputThatAnOperationSetsLater_isNullToAnActionTypeThatDoesWithout() {
        Compiled.of(sources(
                        operation("uses = {@Use(Send.class), @Use(Charge.class), @Use(value = Send.class, name ="
                                + " \"again\")}"),
                        CHARGE,
                        "class Send { @Step void call(@Nullable String paymentId) {} }",
                        "@interface Nullable {}"))
                .succeeds();
    }

    @Test
    void formerNamesAndTimeouts_areThoseOfTheUse() {
        Compiled compiled = Compiled.of(sources(
                operation(
                        "uses = {@Use(Charge.class), @Use(value = Charge.class, name = \"again\", formerly = \"retry\","
                                + " output = \"secondId\", outputFormerly = \"otherId\", timeout = \"PT2S\", onFailure = \"undo\")},"
                                + " branches = @Branch(name = \"undo\", formerly = \"cancel\", actions = {Next.class, Last.class})"),
                "class Charge { @Step(formerly = \"pay\", output = \"paymentId\", outputFormerly = \"payId\", timeout ="
                        + " \"PT1S\") @Sensitive String call(long id, org.jdbi.v3.core.Handle handle) { return \"\"; } }",
                next(),
                "class Last { @Step void call(java.sql.Connection connection) {} }"));
        compiled.succeeds();
        assertThat(compiled.source("demo.ShopOperation"))
                .contains(
                        """
                            .formerBranch("undo", "cancel")
                            .step(StepDefinition.named("charge")
                                    .formerly("pay")
                        """.indent(8).stripTrailing(),
                        """
                            .step(StepDefinition.named("again")
                                    .formerly("retry")
                        """.indent(8).stripTrailing(),
                        ".timeout(\"PT1S\")",
                        ".timeout(\"PT2S\")")
                .contains("(values, run, handle) -> StepResult.of(", "LastAction.call(last, handle.getConnection())");
        assertThat(compiled.source("demo.ShopContext"))
                .containsSubsequence("PAYMENT_ID", ".formerly(\"payId\")", "SECOND_ID", ".formerly(\"otherId\")");
    }

    @Test
    void jumps_areThoseOfTheUse() {
        Compiled.of(sources(
                        operation("uses = {@Use(value = Check.class, jumpsTo = {\"repair\", \"end\"}),"
                                + " @Use(value = Check.class, name = \"checkAgain\", jumpsTo = {\"repair\", \"end\"}),"
                                + " @Use(Last.class)}, branches = @Branch(name = \"repair\", actions = Last2.class)"),
                        "class Check { enum Next { REPAIR, END } @Step java.util.Optional<Next> call() { return null; } }",
                        "class Last { @Step void call(ShopContext context) { ShopBranch.REPAIR.branchName();"
                                + " ShopStep.CHECK_AGAIN.stepName(); } }",
                        "class Last2 { @Step void call() {} }"))
                .succeeds();
    }

    @Test
    void nestedAndSharedActionTypes_areTakenByEachOperation() {
        Compiled.of(sources(
                        operation("actions = {Actions.Charge.class, Actions.Inner.Send.class}"),
                        operation("actions = {Actions.Charge.class, Actions.Inner.Send.class}")
                                .replace("shop", "other")
                                .replace("Shop", "Other"),
                        "class Actions { static " + CHARGE
                                + " static class Inner { record Send(int port) { @Step void call("
                                + "String paymentId) throws java.io.IOException {} } } }",
                        "class User { Object steps() { return ShopOperation.steps(new Actions.Charge(), new"
                                + " Actions.Inner.Send(25)); } }"))
                .succeeds();
    }

    /** Names that our own bear in generated code, or that would be keywords. */
    @Test
    void namesOfActionTypes_areFree() {
        for (String name : List.of("Values", "Run", "Action", "Exception", "Object", "String", "Jump")) {
            Compiled.of(sources(
                            operation("actions = {" + name + ".class, Next.class}"),
                            "class " + name + " { @Step(output = \"a\") long call(long id, ShopContext values,"
                                    + " StepRun run) { return 1; } }",
                            "class Next { @Step void call(long a, long id) {} }"))
                    .succeeds();
        }
        Compiled.of(sources(
                        operation("actions = Default.class"),
                        "class Default { @Step(name = \"first\") void call() {} }"))
                .succeeds();
    }

    @Test
    void deprecatedActionType_drawsNoWarning() {
        Compiled.of(sources(
                        "@SuppressWarnings(\"deprecation\")\n" + operation("actions = Charge.class"),
                        "@Deprecated " + CHARGE))
                .succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            class Charge { void call() {} }                                      | has no step.                       | Annotate the method that does its work with @Step.
            class Charge extends Base {} class Base { @Step void call() {} }     | has no step of its own.            | call is a step of Base: override it in Charge with @Step.
            class Charge { @Step void first() {} @Step void second() {} }        | has several steps: first, second.  | An action type has one; make a class of each.
            interface Charge { @Step default void call() {} }                    | is an interface.                   | An action type is a class or a record with one @Step method.
            class Charge { record Params(long id) {} @Step void call(long id) {} } | has Params, as only operations have. | Let the step take what it needs, and put Params into the operation.
            enum Charge { ONE; @Step void call() {} }                            | is an enum.                        | An action type is a class or a record with one @Step method.
            """)
    void notAnAction_isReportedAtTheList(String declaration, String reason, String advice) {
        Compiled.wrong(sources(
                        operation("actions = {\nCharge.class\n}"),
                        declaration,
                        "class User { Object steps() { return ShopOperation.steps(new Object()); } ShopStep step;"
                                + " ShopContext context; }"))
                .failsAt("Charge.class", "[BackOps/NotAnAction] Charge is no action type: it " + reason, advice);
    }

    @Test
    void operation_isReportedAtTheList() {
        Compiled.wrong(sources(
                        operation("actions = {\nCharge.class\n}"),
                        "@Operation(\"charge\")\nclass Charge { @Step void call() {} }"))
                .failsAt(
                        "Charge.class",
                        "[BackOps/NotAnAction] Charge is no action type: it is an operation itself.",
                        "List the action types that it consists of.");
    }

    @Test
    void primitive_isReportedAtTheList() {
        Compiled.wrong(sources(operation("actions = {\nint.class\n}")))
                .failsAt(
                        "int.class",
                        "[BackOps/NotAnAction] int is no action type: it is no class.",
                        "An action type is a class with one @Step method.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            private static class Charge { @Step void call() {} } | is private or inside a private class, so generated code cannot name it. Make it package-private.
            class Charge { @Step void call() {} }                | needs an object of the class around it. Make it static.
            static class Charge<T> { @Step void call() {} }      | has type parameters, but an action type is one class. Remove them.
            """)
    void invalidActionType_isReportedAtItsClass(String declaration, String problem) {
        Compiled.wrong(sources("class Actions {\n" + declaration + "\n}"))
                .failsAt(declaration, "[BackOps/InvalidActionType] Charge " + problem);
    }

    @Test
    void mistakesOfAnActionType_areReportedThereOnce() {
        Compiled.wrong(sources(
                        operation("actions = {Charge.class, Send.class}"),
                        operation("actions = Charge.class")
                                .replace("shop", "other")
                                .replace("Shop", "Other"),
                        """
                        class Charge {
                            @Step(
                                output = "toString",
                                delay = "1h",
                                branch = "undo",
                                branchFormerly = "cancel",
                                retry = @Retry(
                                    maxAttempts = 0))
                            private Object call(long id, String unknown, Handle one, Handle another) { return null; }
                        }
                        """,
                        "class Send { @Step void call(long id) {} }"))
                .fails(
                        Problem.at(
                                "output = \"toString\",",
                                "[BackOps/ReservedName] Output \"toString\" is named like a method of Object, which a getter"
                                        + " cannot be.",
                                "Pick another name."),
                        Problem.at(
                                "output = \"toString\",",
                                "[BackOps/NotSimple] Output \"toString\" is an Object, which is not a simple type.",
                                "Name the type that it really is: a stored value is read back by its declared type."),
                        Problem.at(
                                "delay = \"1h\",",
                                "[BackOps/InvalidDelay] delay is \"1h\", which is not an ISO-8601 duration.",
                                "Write for example \"PT2S\" for two seconds, \"PT5M\" for five minutes, \"PT24H\" for a day."),
                        Problem.at(
                                "branch = \"undo\",",
                                "[BackOps/BranchOfAction] Charge is an action type, and the operation that lists it says on"
                                        + " which branch it runs.",
                                "Remove branch, and list it there: @Branch(name = \"undo\", actions = Charge.class)"),
                        Problem.at(
                                "branchFormerly = \"cancel\",",
                                "[BackOps/BranchOfAction] Charge is an action type, and the operation that lists it says on"
                                        + " which branch it runs.",
                                "Remove branchFormerly, and list it there: @Branch(name = \"undo\", actions ="
                                        + " Charge.class)"),
                        Problem.at(
                                "maxAttempts = 0))",
                                "[BackOps/InvalidRetry] maxAttempts must be at least 1, but is 0."),
                        Problem.at(
                                "private Object call(long id, String unknown, Handle one, Handle another) { return null; }",
                                "[BackOps/PrivateStep] call is private, so generated code cannot call it. Make it"
                                        + " package-private."),
                        Problem.at(
                                "private Object call(long id, String unknown, Handle one, Handle another) { return null; }",
                                "[BackOps/TwoTransactions] call takes its transaction twice, but there is only one.",
                                "Take one Handle or one Connection; handle.getConnection() leads from one to the other."),
                        Problem.at(
                                "@Operation(value = \"shop\", actions = {Charge.class, Send.class})",
                                "[BackOps/UnknownParameter] charge takes \"unknown\", which is neither a param nor an output.",
                                "Known here: id, dueAt"),
                        Problem.at(
                                "@Operation(value = \"other\", actions = Charge.class)",
                                "[BackOps/UnknownParameter] charge takes \"unknown\", which is neither a param nor an output.",
                                "Known here: id, dueAt"));
    }

    @Test
    void serviceAsParameter_isReportedAtTheActionTypeOnce() {
        Compiled.wrong(sources(
                        operation("actions = {Charge.class, Send.class}"),
                        operation("actions = Charge.class")
                                .replace("shop", "other")
                                .replace("Shop", "Other"),
                        """
                        class Charge {
                            interface Gateway {}
                            @Step
                            void call(Gateway id, java.time.Clock clock, long idd) {}
                        }
                        """,
                        "class Send { @Step void call(ShopContext context, StepRun run, Handle handle) {} }"))
                .fails(
                        Problem.at(
                                "void call(Gateway id, java.time.Clock clock, long idd) {}",
                                "[BackOps/UnknownParameter] call takes \"id\", which is a demo.Charge.Gateway and hence"
                                        + " neither a param nor an output of any operation.",
                                "Services belong in the constructor of Charge, and what a step works on in Params or an"
                                        + " output."),
                        Problem.at(
                                "void call(Gateway id, java.time.Clock clock, long idd) {}",
                                "[BackOps/UnknownParameter] call takes \"clock\", which is a java.time.Clock and hence"
                                        + " neither a param nor an output of any operation.",
                                "Services belong in the constructor of Charge, and what a step works on in Params or an"
                                        + " output."),
                        Problem.at(
                                "@Operation(value = \"shop\", actions = {Charge.class, Send.class})",
                                "[BackOps/UnknownParameter] charge takes \"idd\", which is neither a param nor an output.",
                                "Did you mean \"id\"? Known here: id, dueAt"),
                        Problem.at(
                                "@Operation(value = \"other\", actions = Charge.class)",
                                "[BackOps/UnknownParameter] charge takes \"idd\", which is neither a param nor an output.",
                                "Did you mean \"id\"? Known here: id, dueAt"));
    }

    @Test
    void mistakesInAnOperation_areReportedAtItsList() {
        Compiled.wrong(sources(
                        operation("uses = {\n@Use(Send.class),\n@Use(Charge.class),\n@Use(value = Charge.class, name ="
                                + " \"again\"),\n@Use(Read.class),\n@Use(value = Send.class,\nname = \"resend\",\nat ="
                                + " \"id\")}"),
                        CHARGE,
                        SEND,
                        "class Read { @Step void call(long paymentId, String idd, OtherContext context) {} }",
                        operation("actions = Charge.class")
                                .replace("shop", "other")
                                .replace("Shop", "Other")))
                .fails(
                        Problem.at(
                                "@Use(Send.class),",
                                "[BackOps/UnsetOutput] send reads \"paymentId\", which charge sets, but only after it.",
                                "Move send behind charge."),
                        Problem.at(
                                "@Use(value = Charge.class, name = \"again\"),",
                                "[BackOps/DuplicateOutput] again sets \"paymentId\", which charge has set already.",
                                "Give each output a name of its own."),
                        Problem.at(
                                "@Use(Read.class),",
                                "[BackOps/TypeMismatch] read takes \"paymentId\" as long, but what charge returns is String.",
                                "Take it as String."),
                        Problem.at(
                                "@Use(Read.class),",
                                "[BackOps/UnknownParameter] read takes \"idd\", which is neither a param nor an output.",
                                "Did you mean \"id\"? Known here: id, dueAt, paymentId"),
                        Problem.at(
                                "@Use(Read.class),",
                                "[BackOps/UnknownParameter] read takes \"context\", which is neither a param nor an output.",
                                "Steps of Shop can take its own context, demo.ShopContext."),
                        Problem.at(
                                "at = \"id\")})",
                                "[BackOps/NotATime] resend runs at \"id\", but the param is long.",
                                "It must be an Instant, an OffsetDateTime or a ZonedDateTime."));
    }

    @Test
    void targets_areReportedAtTheListOrTheUse() {
        Compiled.wrong(sources(
                        operation("uses = {\n@Use(Charge.class),\n@Use(value = Charge.class, name = \"again\", output ="
                                + " \"secondId\",\nonFailure = \"charge\"),\n@Use(value = Next.class, then = \"chrage\","
                                + " retry = @Retry(\nmaxAttempts = 0))}"),
                        CHARGE.replace("@Step(", "@Step(onFailure = \"undo\", "),
                        next()))
                .fails(
                        Problem.at(
                                "@Use(Charge.class),",
                                "[BackOps/UnknownJump] Shop has no branch \"undo\". Put the steps for that on one:"
                                        + " @Branch(name = \"undo\", actions = …)"),
                        Problem.at(
                                "onFailure = \"charge\"),",
                                "[BackOps/InvalidFailureBranch] \"charge\" is a step, but onFailure names a branch.",
                                "Put that step on a branch of its own, for example @Branch(name = \"undo\", actions = …),"
                                        + " and name that."),
                        Problem.at(
                                "maxAttempts = 0))})",
                                "[BackOps/InvalidRetry] maxAttempts must be at least 1, but is 0."),
                        Problem.at(
                                "@Use(value = Next.class, then = \"chrage\", retry = @Retry(",
                                "[BackOps/UnknownJump] Shop has no branch or step \"chrage\". Did you mean \"charge\"?"));
    }

    @Test
    void repeatedAction_isReportedAtTheSecond() {
        Compiled.wrong(sources(operation("actions = {Charge.class,\nNext.class, Next.class}"), CHARGE, next()))
                .failsAt(
                        "Next.class, Next.class})",
                        "[BackOps/RepeatedAction] Next is listed as \"next\" already. Stored operations find steps by name, so"
                                + " each use has one of its own.",
                        "List it in uses, for example: @Use(value = Next.class, name = \"nextAgain\")");
    }

    @Test
    void duplicateStep_ofTwoActionTypes_isReportedAtTheSecond() {
        Compiled.wrong(sources(
                        operation("actions = {Charge.class,\nOther.Charge.class}"),
                        CHARGE,
                        "class Other { static class Charge { @Step void call() {} } }"))
                .failsAt(
                        "Other.Charge.class})",
                        "[BackOps/DuplicateStep] \"charge\" already names a step. Stored operations find steps by name; pick"
                                + " another.");
        Compiled.of(
                        sources(
                                operation(
                                        "uses = {@Use(Charge.class), @Use(value = Other.Charge.class, name = \"other\")}"),
                                CHARGE,
                                "class Other { static class Charge { @Step void call() {} } }",
                                "class User { Object steps() { return ShopOperation.steps(new Charge(), new Other.Charge()); } }"))
                .succeeds();
    }

    @Test
    void mixedSteps_areReported() {
        Compiled.wrong(sources(
                        "@Operation(value = \"shop\", actions = Charge.class)\nclass Shop {\n@Step void send(String unknown)"
                                + " {} }",
                        CHARGE,
                        "class User { Object step = ShopStep.SEND; }"))
                .failsAt(
                        "@Step void send(String unknown) {} }",
                        "[BackOps/MixedSteps] send is a step method, but Shop lists action types.",
                        "Move send into a class of its own and list that, or list no action types.");
        Compiled.wrong(sources(operation("actions = Charge.class,\nsteps = {\"charge\"}"), CHARGE))
                .failsAt(
                        "steps = {\"charge\"})",
                        "[BackOps/MixedSteps] steps is the order of step methods, but Shop lists action types.",
                        "Remove it: action types run in the order in which they are listed.");
        Compiled.wrong(sources(operation("actions = Charge.class,\nuses = @Use(Send.class)"), CHARGE, SEND))
                .failsAt(
                        "uses = @Use(Send.class))",
                        "[BackOps/MixedSteps] actions and uses are two lists, so that nothing says in which order their steps"
                                + " run.",
                        "Put all into uses; an action type without own settings is @Use(ChargeCreditCard.class).");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @Branch(name = "main", actions = Next.class)                                                | "main" is the branch of the operation's own list. | List these in its actions or uses, or pick another name.
            @Branch(name = "charge", actions = Next.class)                                              | "charge" names a step and a branch, so that a jump could mean either. Rename one. |
            @Branch(name = "undo", actions = {})                                                        | Branch "undo" has no steps. | List action types, or remove it.
            """)
    void branch_isReportedAtItsName(String branch, String problem, String advice) {
        Compiled.wrong(sources(operation("actions = Charge.class, branches =\n" + branch), CHARGE, next()))
                .fails(new Problem(
                        branch + ")",
                        "[BackOps/InvalidBranch] " + problem + (advice == null ? "" : "\n    " + advice)));
    }

    @Test
    void branch_listedTwice_isReportedAtTheSecond() {
        Compiled.wrong(sources(
                        operation(
                                "uses = @Use(value = Charge.class, onFailure = \"undo\"), branches = {@Branch(name = \"undo\","
                                        + " actions = Next.class),\n@Branch(name = \"undo\", actions = Last.class)}"),
                        CHARGE,
                        next(),
                        "class Last { @Step void call() {} }"))
                .failsAt(
                        "@Branch(name = \"undo\", actions = Last.class)})",
                        "[BackOps/InvalidBranch] Branch \"undo\" is listed twice.",
                        "Put its steps into one list.");
    }

    @Test
    void branchesAlone_areNoBeginning() {
        Compiled.wrong(sources(operation("branches = @Branch(name = \"undo\", actions = Next.class)"), next()))
                .failsAt(
                        "@Operation(value = \"shop\", branches = @Branch(name = \"undo\", actions = Next.class))",
                        "[BackOps/NoMainStep] Shop has no step on main, the branch on which every operation begins.",
                        "List the action types with which it begins in actions or uses.");
    }

    @Test
    void emptyList_isAnOperationWithoutSteps() {
        Compiled.wrong(sources(operation("actions = {}")))
                .failsAt(
                        "@Operation(value = \"shop\", actions = {})",
                        "[BackOps/NoSteps] Shop has no steps.",
                        "List action types as its steps: actions = {ChargeCreditCard.class, SendReceipt.class}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"actions = {Charge.class, Chrage.class}", "uses = {@Use(Charge.class), @Use(Chrage.class)}"})
    void missingActionType_isLeftToTheCompiler(String list) {
        Compiled compiled = Compiled.wrong(sources(
                operation(list),
                CHARGE,
                "class User { Object steps() { return ShopOperation.steps(new Charge()); } ShopStep step; ShopContext context;"
                        + " }"));
        assertThat(compiled.errors())
                .isNotEmpty()
                .allSatisfy(error ->
                        assertThat(error).contains("cannot find symbol").contains("Chrage"));
    }

    @Test
    void missingConstantsAtTheStepOfAnActionType_areLeftToTheCompiler() {
        Compiled compiled = Compiled.wrong(sources(operation("actions = Charge.class"), """
                class Charge {
                    @Step(delay = Times.LATER, output = Names.CHARGE)
                    String charge() { return ""; }
                }
                """));
        assertThat(compiled.errors())
                .isNotEmpty()
                .allSatisfy(error ->
                        assertThat(error).contains("cannot find symbol").doesNotContain("BackOps/"));
    }

    @Test
    void actionTypeOfAnotherProcessor_isReported() {
        Compiled.with(
                        List.of("--should-stop=ifError=FLOW"),
                        List.of(
                                new BackOpsProcessor(),
                                WritingProcessor.inRound(
                                        1,
                                        "demo.Late",
                                        "package demo; import dev.backops.annotation.*; class Late { @Step"
                                                + " void call() {} }")),
                        sources(operation("actions = {Charge.class, Late.class}"), CHARGE))
                .failsAt(
                        "interface Shop { " + PARAMS + " }",
                        "[BackOps/LateType] Shop names a type that another processor wrote too late to be checked.",
                        "Only types that are written in the first round of annotation processing can be params and outputs, and"
                                + " none that another processor writes an action type.");
    }

    @Test
    void clashingCompanion_isReportedAtTheActionType() {
        Compiled.wrong(sources(operation("actions = Charge.class"), CHARGE, "class ChargeAction {}"))
                .failsAt(
                        CHARGE,
                        "[BackOps/ClashingName] Charge generates ChargeAction, but there is a class of that name.",
                        "Rename one of them.");
    }

    @Test
    void hiddenParameterType_isReportedAtTheStep() {
        Compiled.wrong(sources(
                        "class Charge {\nprivate enum Plan { RED }\n@Step void call(Plan plan, java.util.List<Plan> plans)"
                                + " {}\n}"))
                .failsAt(
                        "@Step void call(Plan plan, java.util.List<Plan> plans) {}",
                        "[BackOps/PrivateType] call takes or returns Plan, but generated code cannot name it.",
                        "Make it and the classes around it at least package-private.");
    }

    @Test
    void mutableField_isWarnedAbout() {
        Compiled.wrong(sources("class Charge {\nprivate String last;\n@Step void call() {}\n}"))
                .warnsAt(
                        "private String last;",
                        "[BackOps/MutableState] last can change, but one Charge serves all operations and threads at once.",
                        "Make it final, and hand values on to later steps as outputs.");
    }

    @Test
    void order_isThatOfTheList() {
        Compiled compiled = Compiled.of(sources("""
                @Operation(value = "shop", steps = {"charge", "sendMail"})
                class Shop {
                    @Step(name = "sendMail") void send(String paymentId) {}
                    @Step(output = "paymentId") String charge() { return ""; }
                }
                """));
        compiled.succeeds();
        assertThat(compiled.source("demo.ShopStep")).containsSubsequence("CHARGE(", "SEND_MAIL(");
        assertThat(compiled.source("demo.ShopOperation"))
                .containsSubsequence("named(\"charge\")", "named(\"sendMail\")");
    }

    @Test
    void order_isReported() {
        Compiled.wrong(sources("""
                        @Operation(value = "shop", steps = {
                            "send",
                            "chrage",
                            "sendReminder",
                            "nothing",
                            "sendMail",
                            "sendMail"})
                        class Shop {
                            @Step(name = "sendMail") void send(String paymentId) {}
                            @Step(output = "paymentId") String charge() { return ""; }
                            @Step
                            void archive() {}
                            @Step void sendReminder() {}
                        }
                        """))
                .fails(
                        Problem.at(
                                "\"send\",",
                                "[BackOps/UnknownStep] Shop has no step \"send\". The method send is stored as \"sendMail\"."),
                        Problem.at(
                                "\"chrage\",",
                                "[BackOps/UnknownStep] Shop has no step \"chrage\". Did you mean \"charge\"?"),
                        Problem.at(
                                "\"nothing\",",
                                "[BackOps/UnknownStep] Shop has no step \"nothing\". Remove it, or annotate the method with"
                                        + " @Step."),
                        Problem.at(
                                "\"sendMail\"})",
                                "[BackOps/RepeatedStep] \"sendMail\" stands in steps twice, but a step has one place in the"
                                        + " order.",
                                "Remove one; to run it again, jump back to it."),
                        Problem.at(
                                "@Step",
                                "[BackOps/UnlistedStep] archive is a step, but missing in steps of Shop, so that nothing says"
                                        + " when it runs.",
                                "Add \"archive\" where it belongs in @Operation(steps = …)."));
    }

    private static String operation(String list) {
        return "@Operation(value = \"shop\", " + list + ")\ninterface Shop { " + PARAMS + " }";
    }

    private static String next() {
        return "class Next { @Step void call() {} }";
    }

    private static String[] sources(String... declarations) {
        return Arrays.stream(declarations)
                .map(declaration -> "package demo; import dev.backops.*; import dev.backops.annotation.*; import"
                        + " java.time.Instant; import org.jdbi.v3.core.Handle;\n" + declaration)
                .toArray(String[]::new);
    }
}
