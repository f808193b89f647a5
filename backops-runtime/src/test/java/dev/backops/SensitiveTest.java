package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Values that nobody is to see, and values that nobody is to find any more. */
class SensitiveTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Field<Long> CUSTOMER = Field.required("customer", Types.LONG);
    private static final Field<String> IBAN =
            Field.required("iban", Types.STRING).erasedAtEnd();
    private static final Field<String> PHONE =
            Field.required("phone", Types.STRING).sensitive();
    private static final Field<String> TOKEN =
            Field.required("token", Types.STRING).erasedAtEnd();

    private static final OperationDefinition DEFINITION = OperationDefinition.named("payout")
            .params(CUSTOMER, IBAN, PHONE)
            .step(StepDefinition.named("logIn").outputs(TOKEN))
            .step(StepDefinition.named("pay").reads("iban", "token"));

    private static final Values PARAMS =
            Values.of(CUSTOMER, 7L).and(IBAN, "DE-secret").and(PHONE, "0-secret");

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final Tables tables = new Tables(database);
    private final List<String> paid = new CopyOnWriteArrayList<>();
    private final AtomicBoolean bankIsClosed = new AtomicBoolean();
    private final CountDownLatch paying = new CountDownLatch(1);
    private final CountDownLatch mayPay = new CountDownLatch(1);

    @Test
    void views_showNoneOfIt_stepsSeeAll_andTheEndErases() throws Exception {
        bankIsClosed.set(true);
        mayPay.countDown();
        try (BackOps backOps = started()) {
            long id = backOps.client(DEFINITION).enqueue(() -> PARAMS).id();
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);

            assertThat(everythingInViews()).contains("***").doesNotContain("secret");
            assertThat(backOps.operations().find(id).orElseThrow().context())
                    .isEqualTo(Map.of("customer", 7, "iban", "***", "phone", "***", "token", "***"));
            assertThat(backOps.operations().list(Search.all().param("phone", "0-secret")))
                    .hasSize(1);

            bankIsClosed.set(false);
            backOps.operations().resume(id);
            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(paid).containsExactly("DE-secret with token-secret");
            assertThat(stored(id)).isEqualTo("{\"phone\": \"0-secret\", \"customer\": 7} {} {}");
            assertThat(everythingInViews()).doesNotContain("secret");
        }
    }

    @Test
    void cancel_ofAWaitingOne_erases() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = backOps.client(DEFINITION).enqueue(() -> PARAMS).id();
            backOps.operations().skip(id, Map.of("token", "token-secret"));
            assertThat(stored(id)).contains("DE-secret", "token-secret");
            assertThat(everythingInViews()).doesNotContain("secret");

            backOps.operations().cancel(id);

            assertThat(stored(id)).isEqualTo("{\"phone\": \"0-secret\", \"customer\": 7} {}");
        }
    }

    @Test
    void cancel_ofOneWhoseWorkerDies_erases() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = backOps.client(DEFINITION).enqueue(() -> PARAMS).id();
            backOps.operations().skip(id, Map.of("token", "token-secret"));
            tables.work(id, "state = 'running', worker = 9");
            backOps.operations().cancel(id);
            assertThat(stored(id)).contains("DE-secret", "token-secret");

            tables.database().inTransaction(handle -> Tables.STORES.work().rescue(handle, List.of(9L), 10));

            assertThat(backOps.operations().status(id)).contains(Status.CANCELLED);
            assertThat(stored(id)).isEqualTo("{\"phone\": \"0-secret\", \"customer\": 7} {}");
        }
    }

    /** They fail, or are cancelled, or end: whatever somebody has written there, the others of the same statement go on. */
    @ParameterizedTest
    @ValueSource(strings = {"7", "\"text\"", "null", "[\"iban\"]"})
    void paramsEditedToWhatIsNoObject_stopNobody(String edited) throws Exception {
        List<Long> ids = new ArrayList<>();
        try (BackOps backOps = started()) {
            OperationClient client = backOps.client(DEFINITION);
            ids.add(client.enqueue(() -> PARAMS).id());
            paying.await();
            ids.addAll(client.enqueueAll(List.of(1, 2, 3), unused -> PARAMS).stream()
                    .map(Enqueued::id)
                    .toList());
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> tables.number("SELECT count(*) FROM backops.step") == ids.size());
            long waiting =
                    client.after(Duration.ofHours(1)).enqueue(() -> PARAMS).id();
            long dead = client.after(Duration.ofHours(1)).enqueue(() -> PARAMS).id();
            tables.work(dead, "state = 'running', worker = 9");
            for (long id : List.of(ids.get(0), ids.get(1), waiting, dead)) {
                edit(id, edited);
            }

            assertThat(everythingInViews()).doesNotContain("secret");
            assertThat(backOps.operations().cancel(waiting)).isTrue();
            backOps.operations().cancel(dead);
            tables.database().inTransaction(handle -> Tables.STORES.work().rescue(handle, List.of(9L), 10));
            backOps.operations().cancel(ids.get(1));
            mayPay.countDown();

            assertThat(backOps.await(ids.get(0), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.await(ids.get(1), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.await(ids.get(2), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.await(ids.get(3), LONG)).isEqualTo(Status.COMPLETED);
            assertThat(backOps.operations().status(waiting)).contains(Status.CANCELLED);
            assertThat(backOps.operations().status(dead)).contains(Status.CANCELLED);
        }
    }

    private void edit(long id, String params) {
        tables.execute("UPDATE backops.operation SET params = '" + params + "' WHERE id = " + id);
    }

    @Test
    void skip_ofTheLastStep_erases() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            long id = backOps.client(DEFINITION).enqueue(() -> PARAMS).id();
            backOps.operations().skip(id, Map.of("token", "token-secret"));
            backOps.operations().skip(id, Map.of());

            assertThat(stored(id)).isEqualTo("{\"phone\": \"0-secret\", \"customer\": 7} {} {}");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancel_ofARunningOne_erasesWhetherItsStepSucceedsOrFails(boolean fails) throws Exception {
        bankIsClosed.set(fails);
        try (BackOps backOps = started()) {
            long id = backOps.client(DEFINITION).enqueue(() -> PARAMS).id();
            paying.await();
            backOps.operations().cancel(id);
            mayPay.countDown();
            assertThat(backOps.await(id, LONG)).isIn(Status.CANCELLED, Status.COMPLETED);

            assertThat(stored(id)).startsWith("{\"phone\": \"0-secret\", \"customer\": 7} {}");
        }
    }

    @Test
    void valueThatBecomesSensitive_isHiddenInWhatWasStoredBeforeAndStaysSo() {
        OperationDefinition open = OperationDefinition.named("payout")
                .params(CUSTOMER, Field.required("iban", Types.STRING), Field.required("phone", Types.STRING))
                .step(StepDefinition.named("logIn").outputs(Field.required("token", Types.STRING)))
                .step(StepDefinition.named("pay").reads("iban", "token"));
        try (BackOps before = BackOps.builder(database.dataSource()).build();
                BackOps after = BackOps.builder(database.dataSource()).build();
                BackOps beforeAgain = BackOps.builder(database.dataSource()).build()) {
            before.client(open).enqueue(() -> PARAMS);
            assertThat(everythingInViews()).contains("secret");

            after.client(DEFINITION);
            beforeAgain.client(open);

            assertThat(everythingInViews()).doesNotContain("secret");
        }
    }

    @Test
    void refusedParams_areNotInTheMessageNorBelowIt() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            InvalidParamsException refused = catchThrowableOfType(
                    InvalidParamsException.class,
                    () -> backOps.client(DEFINITION).enqueue(() -> {
                        throw new IllegalArgumentException("DE-secret is no IBAN");
                    }));

            assertThat(refused)
                    .hasMessage("The params of payout were refused: java.lang.IllegalArgumentException,"
                            + " whose message may hold a @Sensitive value");
            assertThat(trace(refused)).doesNotContain("secret").contains("SensitiveTest.java");
        }
    }

    @Test
    void troubleOfTheDatabase_quotesNoParams() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            var payouts = backOps.client(DEFINITION);
            tables.execute("ALTER TABLE backops.work RENAME TO elsewhere");

            EnqueueException failed = catchThrowableOfType(EnqueueException.class, () -> payouts.enqueue(() -> PARAMS));

            assertThat(trace(failed)).contains("backops.work").doesNotContain("secret");
        }
    }

    @Test
    void logsOfEveryLevel_failuresAndMessages_holdNoneOfIt() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("dev.backops");
        Appender<ILoggingEvent> console = root.getAppender("console");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.detachAppender(console);
        root.setLevel(Level.TRACE);
        ours.setLevel(Level.TRACE);
        List<String> said = new ArrayList<>();
        try (BackOps backOps = started()) {
            OperationClient client = backOps.client(DEFINITION);
            Operations operations = backOps.operations();
            bankIsClosed.set(true);
            mayPay.countDown();
            long failed = client.key("k").enqueue(() -> PARAMS).id();
            assertThat(backOps.await(failed, LONG)).isEqualTo(Status.FAILED);
            said.add(operations.find(failed).orElseThrow().toString());
            said.add(operations.steps(failed).toString());
            said.add(operations.list(Search.all().param("phone", "0-secret")).toString());
            said.add(operations.failureGroups().toString());
            said.add(StepResult.of(TOKEN, "token-secret") + " " + DEFINITION.params());

            said.add(refusal(() -> client.key("k").enqueue(() -> PARAMS.and(PHONE, "1-secret"))));
            said.add(refusal(() -> client.enqueue(() -> PARAMS.and(PHONE, "0-secret\0"))));
            said.add(refusal(() -> operations.list(Search.all().param("phone", "0-secret\0"))));
            said.add(refusal(() -> operations.setOutput(failed, "token", "token-secret\0")));
            said.add(refusal(() -> operations.setOutput(failed, "token", List.of("token-secret"))));
            said.add(refusal(() -> operations.skip(failed, Map.of("token", "token-secret"))));

            bankIsClosed.set(false);
            long edited =
                    client.after(Duration.ofHours(1)).enqueue(() -> PARAMS).id();
            tables.execute("UPDATE backops.operation SET params = params || '{\"iban\": [\"DE-secret\"]}' WHERE id = "
                    + edited);
            operations.jumpTo(edited, "logIn");
            assertThat(backOps.await(edited, LONG)).isEqualTo(Status.FAILED);
            said.add(operations.failures(edited).toString());

            tables.execute("ALTER TABLE backops.work RENAME TO elsewhere");
            said.add(refusal(() -> client.enqueue(() -> PARAMS)));
            said.add(refusal(() -> operations.resume(failed)));
            tables.execute("ALTER TABLE backops.elsewhere RENAME TO work");
        } finally {
            root.setLevel(Level.WARN);
            ours.setLevel(null);
            root.addAppender(console);
            root.detachAppender(log);
        }
        for (ILoggingEvent event : List.copyOf(log.list)) {
            said.add(event.getLevel() + " " + event.getFormattedMessage() + event.getMDCPropertyMap());
            if (event.getThrowableProxy() != null) {
                said.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        said.add(tables.rows("SELECT f::text FROM backops.failure f").toString());
        said.add(everythingInViews());
        assertThat(log.list).hasSizeGreaterThan(20);
        assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain("-secret"));
    }

    private static String refusal(ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error).isInstanceOfAny(BackOpsException.class, IllegalArgumentException.class);
        return trace(error);
    }

    private String everythingInViews() {
        return tables.rows(
                        "SELECT o::text FROM backops.operations o UNION ALL SELECT u::text FROM backops.unfinished u"
                                + " UNION ALL SELECT s::text FROM backops.steps s UNION ALL SELECT a::text FROM backops.audit a")
                .toString();
    }

    /** Params, and the outputs of the operation and its steps, as they are in the tables. */
    private String stored(long id) {
        return String.valueOf(tables.text("SELECT concat_ws(' ', o.params, o.outputs,"
                + " (SELECT string_agg(s.outputs::text, ' ' ORDER BY s.seq) FROM backops.step s WHERE s.operation_id = o.id))"
                + " FROM backops.operation o WHERE o.id = " + id));
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private BackOps started() {
        BackOps backOps = BackOps.builder(database.dataSource())
                .pollInterval(Duration.ofMillis(50))
                .build();
        OperationSteps steps = OperationSteps.of(DEFINITION)
                .step("logIn", (values, run) -> StepResult.of(TOKEN, "token-secret"))
                .step("pay", (values, run) -> {
                    paying.countDown();
                    mayPay.await();
                    if (bankIsClosed.get()) {
                        throw new StepAbortedException("closed");
                    }
                    paid.add(values.get(IBAN) + " with " + values.get(TOKEN));
                    return StepResult.none();
                });
        backOps.register(steps);
        backOps.start();
        return backOps;
    }
}
