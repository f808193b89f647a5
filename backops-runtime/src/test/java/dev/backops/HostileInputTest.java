package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.backops.annotation.KeyScope;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepBody;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.TransactionalStepBody;
import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import dev.backops.codegen.Values;
import dev.backops.testkit.Hostile;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TestDatabase;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/**
 * Texts and values of every kind through every method that takes one: each is refused with a message that names the thing, and
 * nothing is stored, or it is stored and read as it was. Nobody else's rows change, and the process goes on.
 *
 * <p>System properties: {@code backops.hostile.seed} begins the random numbers, {@code backops.hostile.runs} says how often each
 * method is tried, {@code backops.hostile.minutes} for how long instead.
 */
class HostileInputTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    private static final Field<String> TEXT = Field.nullable("text", Types.STRING);
    private static final Field<BigDecimal> SUM = Field.nullable("sum", Types.BIG_DECIMAL);
    private static final Field<Double> REAL = Field.nullable("real", Types.DOUBLE);
    private static final Field<Instant> MOMENT = Field.nullable("moment", Types.INSTANT);
    private static final Field<LocalDate> DAY = Field.nullable("day", Types.LOCAL_DATE);
    private static final Field<List<String>> TEXTS = Field.nullable("texts", Types.listOf(Types.STRING));
    private static final Field<Map<String, String>> NAMED = Field.nullable("named", Types.mapOf(Types.STRING));
    private static final Field<String> ANSWER = Field.nullable("answer", Types.STRING);
    private static final Field<Map<String, String>> ANSWERS = Field.nullable("answers", Types.mapOf(Types.STRING));

    private static final RetryPolicy ONCE = RetryPolicy.of(1, "PT1S", 1, "PT1S", 0);

    private static final OperationDefinition DEFINITION = OperationDefinition.named("hostile.work")
            .params(NUMBER, TEXT, SUM, REAL, MOMENT, DAY, TEXTS, NAMED)
            .step(StepDefinition.named("work")
                    .reads("number")
                    .outputs(ANSWER, ANSWERS)
                    .retry(ONCE))
            .step(StepDefinition.named("rest").mayRead("answer").retry(ONCE));

    /** What BackOps gives and calls, and nobody gives to it or calls. */
    private static final Set<Class<?>> RESULTS = Set.of(
            OperationListener.class,
            StepBody.class,
            TransactionalStepBody.class,
            Ahead.class,
            Enqueued.class,
            FailureGroup.class,
            FailureInfo.class,
            OperationInfo.class,
            PauseInfo.class,
            RepairReport.class,
            StepCount.class,
            StepEvent.class,
            StepFailure.class,
            StepInfo.class);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final long seed = Long.getLong("backops.hostile.seed", 1);
    private final Hostile hostile = new Hostile(seed);
    private final Map<String, Attack> attacks = new TreeMap<>();
    private final Map<Long, StepBody> bodies = new ConcurrentHashMap<>();
    private final Map<Long, Values> seen = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.backops");

    private Sql sql;
    private BackOps backOps;
    private OperationClient client;
    private long bystanders;

    /** Tries one method, or some that belong together. */
    @FunctionalInterface
    private interface Attack {

        void run() throws Exception;
    }

    {
        attack(
                this::values,
                "Values.of",
                "Values.and",
                "Values.ofJson",
                "OperationClient.enqueue",
                "OperationClient.enqueueAll");
        attack(this::outputs, "StepResult.of", "StepResult.and", "StepResult.jump", "StepResult.new");
        attack(this::key, "OperationClient.key");
        attack(this::error, "StepAbortedException.new");
        attack(this::stepRun, "StepRun.progress", "StepRun.idempotencyKey");
        attack(this::by, "Operations.by", "Repairs.by");
        attack(this::moves, "Operations.retryFrom", "Operations.jumpTo", "Repairs.retryFrom", "Repairs.jumpTo");
        attack(this::skip, "Operations.skip", "Repairs.skip");
        attack(this::setOutput, "Operations.setOutput");
        attack(this::queues, "Operations.pauseQueue", "Operations.unpauseQueue");
        attack(this::names, "Operations.pauseName", "Operations.unpauseName");
        attack(this::search, "Search.names", "Search.step", "Search.errorClass", "OperationFinder.where");
        attack(this::searchValues, "Search.param", "Search.output", "Search$Value.new");
        attack(
                this::definition,
                "OperationDefinition.named",
                "OperationDefinition.formerly",
                "OperationDefinition.formerBranch",
                "OperationDefinition.queue",
                "OperationDefinition.key",
                "OperationDefinition.step",
                "StepDefinition.named",
                "StepDefinition.formerly",
                "StepDefinition.branch",
                "StepDefinition.reads",
                "StepDefinition.mayRead",
                "StepDefinition.jumps",
                "StepDefinition.alwaysJumps",
                "StepDefinition.then",
                "StepDefinition.onFailure",
                "StepDefinition.at",
                "OperationSteps.step",
                "OperationSteps.transactionalStep",
                "OperationSteps.body",
                "OperationSteps.transactionalBody",
                "Field.new",
                "Field.required",
                "Field.nullable",
                "Field.formerly",
                "Field.in",
                "ValueType.new",
                "Types.enumOf");
        attack(this::literals, "StepDefinition.delay", "StepDefinition.timeout", "RetryPolicy.of", "Field.orElse");
        attack(this::settings, "Builder.schema", "Builder.queue", "BackOpsConfig.new", "Status.ofSql");
    }

    private void attack(Attack attack, String... methods) {
        for (String method : methods) {
            attacks.put(method, attack);
        }
    }

    /** What steps die of here is no news. */
    @BeforeEach
    void open() throws Exception {
        logger.setLevel(Level.OFF);
        sql = new Sql(database.dataSource());
        // The shortest, with which notes come soonest.
        backOps = BackOps.builder(database.dataSource())
                .lease(Duration.ofSeconds(3))
                .build();
        backOps.register(OperationSteps.of(DEFINITION)
                .step("work", (values, run) -> {
                    seen.put(run.operationId(), values);
                    return bodies.getOrDefault(values.get(NUMBER), (unused, same) -> StepResult.none())
                            .call(values, run);
                })
                .step("rest", (values, run) -> StepResult.none()));
        backOps.start();
        client = backOps.client(DEFINITION);
        backOps.await(enqueue((values, run) -> StepResult.of(ANSWER, "before")), LONG);
        backOps.await(
                enqueue((values, run) -> {
                    throw new IllegalStateException("before");
                }),
                LONG);
        bystanders = victim();
        backOps.operations().pauseQueue("bystander");
    }

    @AfterEach
    void close() {
        backOps.close();
        logger.setLevel(null);
    }

    @Test
    void everyMethodThatTakesATextOrAnything_isTried() {
        Set<String> methods = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.backops", "dev.backops.codegen")) {
            boolean forUsers = type.getPackageName().equals("dev.backops")
                    || type.getPackageName().equals("dev.backops.codegen");
            if (forUsers && Modifier.isPublic(type.reflect().getModifiers())) {
                executables(type.reflect())
                        .filter(HostileInputTest::takesAnything)
                        .forEach(method -> methods.add(name(method)));
            }
        }
        assertThat(methods).hasSizeGreaterThan(50);
        assertThat(attacks.keySet()).containsExactlyInAnyOrderElementsOf(methods);
    }

    private static Stream<Executable> executables(Class<?> type) {
        return RESULTS.contains(type) || (Throwable.class.isAssignableFrom(type) && type != StepAbortedException.class)
                ? Stream.of()
                : Stream.concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                        .map(Executable.class::cast);
    }

    private static boolean takesAnything(Executable method) {
        boolean inherited = method.getName().equals("equals")
                || (method.getName().equals("valueOf")
                        && method.getDeclaringClass().isEnum());
        return Modifier.isPublic(method.getModifiers())
                && !method.isSynthetic()
                && !inherited
                && Arrays.stream(method.getGenericParameterTypes())
                        .anyMatch(type -> type.getTypeName()
                                .matches(".*(java\\.lang\\.(String|Object|CharSequence|Iterable)\\b).*|[A-Z]"
                                        + "|dev\\.backops\\.StepName|.*codegen\\.Values>?"));
    }

    private static String name(Executable method) {
        String type = method.getDeclaringClass().getName().replaceAll(".*\\.|.*BackOps\\$", "");
        return type + "." + (method instanceof Constructor ? "new" : ((Method) method).getName());
    }

    @Test
    void whateverIsGiven_isRefusedByNameOrStoredAsItIs() throws Exception {
        int runs = Integer.getInteger("backops.hostile.runs", 8);
        Duration limit = Duration.ofMinutes(Integer.getInteger("backops.hostile.minutes", 0));
        Instant start = Instant.now();
        Set<Attack> distinct = new LinkedHashSet<>(attacks.values());
        System.out.println("hostile seed " + seed);
        String others = rows(bystanders);
        int tried = 0;
        for (int run = 0; limit.isZero() ? run < runs : Instant.now().isBefore(start.plus(limit)); run++) {
            for (Attack attack : distinct) {
                try {
                    attack.run();
                } catch (AssertionError | Exception e) {
                    throw new AssertionError("seed " + seed + ", attempt " + tried + ": " + e.getMessage(), e);
                }
                tried++;
                assertThat(rows(bystanders)).as("rows of others, seed " + seed).isEqualTo(others);
                forget();
            }
        }
        long last = enqueue((values, run) -> StepResult.none());
        assertThat(backOps.await(last, LONG)).isEqualTo(Status.COMPLETED);
        System.out.println("hostile attempts " + tried + " seconds "
                + Duration.between(start, Instant.now()).toSeconds());
    }

    // The attacks

    private void values() throws Exception {
        long number = numbers.incrementAndGet();
        Map<Field<?>, Object> given = new LinkedHashMap<>();
        given.put(hostile.one(TEXT, TEXT, ANSWER), hostile.text());
        given.put(
                SUM,
                new BigDecimal(
                        hostile.one("1E+131071", "1E+131072", "1E-16383", "1E-16384", "-0.10", "7E+2000000000")));
        given.put(REAL, hostile.one(Double.NaN, -0.0, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE));
        given.put(
                MOMENT, hostile.one(Instant.MIN, Instant.MAX, Instant.parse("+294277-01-01T00:00:00Z"), Instant.EPOCH));
        given.put(DAY, hostile.one(LocalDate.MIN, LocalDate.MAX, LocalDate.EPOCH));
        given.put(TEXTS, List.of(hostile.text(), hostile.text()));
        given.put(NAMED, Map.of(hostile.text(), hostile.text()));
        given.keySet().removeIf(field -> hostile.random().nextBoolean());
        boolean fits = given.entrySet().stream().allMatch(one -> fits(one.getValue()));
        AtomicLong id = new AtomicLong();
        boolean accepted = accepted(
                "\"",
                () -> id.set(
                        hostile.random().nextBoolean()
                                ? client.enqueue(() -> params(number, given)).id()
                                : client.enqueueAll(List.of(given), one -> params(number, one))
                                        .get(0)
                                        .id()));
        assertThat(accepted).as("%s", given).isEqualTo(fits);
        if (accepted) {
            assertThat(backOps.await(id.get(), LONG)).isEqualTo(Status.COMPLETED);
            Values stored = Values.ofJson(
                    backOps.operations().find(id.get()).orElseThrow().context());
            Values ran = Objects.requireNonNull(seen.get(id.get()));
            given.forEach((field, value) -> {
                assertThat(same(ran.orNull(field), value)).as("%s", field).isTrue();
                assertThat(same(stored.orNull(field), value)).as("%s", field).isTrue();
            });
        }
    }

    private static Values params(long number, Map<Field<?>, Object> given) {
        Values values = Values.of(NUMBER, number);
        for (Map.Entry<Field<?>, Object> one : given.entrySet()) {
            values = and(values, one.getKey(), one.getValue());
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static <T> Values and(Values values, Field<T> field, Object value) {
        return values.and(field, (T) value);
    }

    private static boolean fits(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().allMatch(HostileInputTest::fits);
        }
        if (value instanceof Map<?, ?> map) {
            return fits(new ArrayList<>(map.keySet())) && fits(new ArrayList<>(map.values()));
        }
        if (value instanceof BigDecimal number) {
            return number.scale() <= 16_383 && (long) number.precision() - number.scale() <= 131_072;
        }
        return !(value instanceof String text) || Hostile.isStorable(text);
    }

    private static boolean same(@Nullable Object read, Object given) {
        return (read instanceof BigDecimal one && given instanceof BigDecimal other)
                ? one.compareTo(other) == 0
                : given.equals(read);
    }

    private void outputs() throws Exception {
        String text = hostile.text();
        Map<String, String> map = Map.of(hostile.text(), hostile.text());
        boolean jumps = hostile.random().nextInt(4) == 0;
        long id = enqueue((values, run) -> jumps
                ? StepResult.none().jump(text)
                : StepResult.of(ANSWER, text).and(ANSWERS, map));
        Status status = backOps.await(id, LONG);
        OperationInfo<Map<String, Object>> info = backOps.operations().find(id).orElseThrow();
        if (jumps) {
            // Nowhere: the step declares no jumps.
            assertThat(status).isEqualTo(Status.FAILED);
            assertThat(info.errorMessage()).isNotEmpty();
        } else if (fits(text) && fits(map)) {
            assertThat(status).isEqualTo(Status.COMPLETED);
            assertThat(info.context()).containsEntry("answer", text).containsEntry("answers", map);
        } else {
            assertThat(status).isEqualTo(Status.FAILED);
            assertThat(info.errorMessage()).contains("\"answer");
            assertThat(info.context()).doesNotContainKeys("answer", "answers");
        }
    }

    private void key() {
        String key = hostile.text();
        long number = numbers.incrementAndGet();
        AtomicLong id = new AtomicLong();
        boolean accepted = accepted(
                "key",
                () -> id.set(client.key(key)
                        .after(Duration.ofDays(1))
                        .enqueue(() -> Values.of(NUMBER, number))
                        .id()));
        assertThat(accepted).isEqualTo(Hostile.isStorable(key) && !key.isEmpty() && key.length() <= 500);
        if (accepted) {
            assertThat(backOps.operations().find(id.get()).orElseThrow().key()).isEqualTo(key);
            Enqueued again = client.key(key).enqueue(() -> Values.of(NUMBER, number));
            assertThat(again).isEqualTo(new Enqueued(id.get(), false));
        }
    }

    private void error() throws Exception {
        String text = hostile.text();
        Exception error = hostile.one(
                new IllegalStateException(text),
                new StepAbortedException(text),
                new Exception(text, new IllegalStateException(text)),
                new EnqueueException(text, null));
        long id = enqueue((values, run) -> {
            throw error;
        });
        assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
        String message = backOps.operations().failures(id).get(0).message();
        assertThat(backOps.operations().find(id).orElseThrow().errorMessage()).isEqualTo(message);
        if (Hostile.isStorable(text) && text.length() <= 10_000) {
            assertThat(message).isEqualTo(text);
        } else {
            assertThat(message).isNotEmpty().hasSizeLessThan(10_100);
        }
    }

    private void stepRun() throws Exception {
        String note = hostile.text();
        String step = hostile.text() + "?";
        long id = enqueue((values, run) -> {
            run.progress(note);
            String read = Awaitility.await()
                    .atMost(LONG)
                    .until(
                            () -> backOps.operations()
                                    .find(run.operationId())
                                    .orElseThrow()
                                    .note(),
                            Objects::nonNull);
            if (Hostile.isStorable(note) && note.length() <= 500) {
                assertThat(read).isEqualTo(note);
            }
            return StepResult.of(ANSWER, run.idempotencyKey(step));
        });
        assertThat(backOps.await(id, LONG)).isEqualTo(Status.FAILED);
        assertThat(backOps.operations().failures(id)).singleElement().satisfies(failure -> {
            assertThat(failure.errorClass()).isEqualTo(IllegalArgumentException.class.getName());
            assertThat(failure.message()).contains("has not run a step");
        });
    }

    private void by() {
        long id = victim();
        String who = hostile.text();
        String why = hostile.text();
        Operations operations = backOps.operations();
        boolean accepted = accepted("wh", () -> {
            if (hostile.random().nextBoolean()) {
                operations.by(who, why).jumpTo(id, "work");
            } else {
                operations.repair(Search.all().ids(List.of(id))).by(who, why).jumpTo("work");
            }
        });
        assertThat(accepted).isEqualTo(Hostile.isStorable(who) && Hostile.isStorable(why));
        if (accepted) {
            assertThat(sql.texts(
                            "SELECT who || '|' || why FROM backops.audit WHERE operation_id = ? AND act = 'jump_to'",
                            id))
                    .containsExactly(who + "|" + why);
        }
    }

    private void moves() {
        long id = victim();
        String step = hostile.text();
        StepName name = () -> step;
        Search one = Search.all().ids(List.of(id));
        Operations operations = backOps.operations();
        boolean accepted = accepted("step", () -> {
            switch (hostile.random().nextInt(8)) {
                case 0 -> operations.retryFrom(id, step);
                case 1 -> operations.jumpTo(id, step);
                case 2 -> operations.retryFrom(id, name);
                case 3 -> operations.jumpTo(id, name);
                case 4 -> refuse(operations.repair(one).retryFrom(step));
                case 5 -> refuse(operations.repair(one).jumpTo(step));
                case 6 -> refuse(operations.repair(one).retryFrom(name));
                default -> refuse(operations.repair(one).jumpTo(name));
            }
        });
        if (accepted) {
            assertThat(step).isEqualTo("work");
        }
    }

    /** A bulk says in its report what a single one throws. */
    private static void refuse(RepairReport report) {
        if (!report.refused().isEmpty()) {
            throw new RepairRefusedException(
                    report.refused().values().iterator().next(), null);
        }
    }

    private void skip() {
        long id = enqueueLater();
        Map<String, Object> outputs = hostile.one(
                map("answer", hostile.value()),
                map(hostile.text(), hostile.value()),
                map("answers", Map.of(hostile.text(), hostile.text())));
        Operations operations = backOps.operations();
        boolean accepted = accepted(outputs.keySet().iterator().next(), () -> {
            if (hostile.random().nextBoolean()) {
                operations.skip(id, outputs);
            } else {
                refuse(operations.repair(Search.all().ids(List.of(id))).skip(outputs));
            }
        });
        if (accepted) {
            Map<String, Object> context = operations.find(id).orElseThrow().context();
            outputs.forEach((name, value) -> {
                assertThat(name).startsWith("answer");
                assertThat(context.get(name)).isEqualTo(stored(value));
            });
        }
    }

    private void setOutput() {
        long id = victim();
        String name = hostile.one("answer", "answers", hostile.text());
        Object value = hostile.value();
        Operations operations = backOps.operations();
        boolean accepted = accepted(name, () -> operations.setOutput(id, name, value));
        if (accepted) {
            assertThat(operations.find(id).orElseThrow().context().get(name)).isEqualTo(stored(value));
        } else {
            assertThat(name.equals("answer") && value instanceof String text && Hostile.isStorable(text))
                    .isFalse();
        }
    }

    private static Map<String, Object> map(String name, @Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(name, value);
        return map;
    }

    /** What is no JSON number is a text. */
    private static @Nullable Object stored(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> texts = new LinkedHashMap<>();
            map.forEach((name, member) -> texts.put(String.valueOf(name), stored(member)));
            return texts;
        }
        return value instanceof Double || value instanceof Float ? value.toString() : value;
    }

    private void queues() {
        String queue = hostile.text();
        Operations operations = backOps.operations();
        boolean accepted =
                accepted("queue", () -> assertThat(operations.pauseQueue(queue)).isTrue());
        if (accepted) {
            assertThat(operations.pauses()).anyMatch(pause -> pause.name().equals(queue));
            assertThat(operations.unpauseQueue(queue)).isTrue();
        } else {
            boolean unpaused = accepted(
                    "queue", () -> assertThat(operations.unpauseQueue(queue)).isFalse());
            assertThat(unpaused).isEqualTo(Hostile.isStorable(queue));
        }
        assertThat(operations.pauses()).hasSize(1);
    }

    private void names() {
        String name = hostile.text();
        Operations operations = backOps.operations();
        assertThat(accepted("name", () -> operations.pauseName(name))).isFalse();
        boolean unpaused =
                accepted("name", () -> assertThat(operations.unpauseName(name)).isFalse());
        assertThat(unpaused).isEqualTo(Hostile.isStorable(name));
    }

    private void search() {
        String text = hostile.text();
        OperationFinder<Values> finder = client.find(Search.all(), values -> values);
        List<Long> found = new ArrayList<>();
        boolean accepted = accepted("", () -> {
            switch (hostile.random().nextInt(5)) {
                case 0 -> found.addAll(ids(Search.all().names(text, text + "'")));
                case 1 -> found.addAll(ids(Search.all().step(text)));
                case 2 -> found.addAll(ids(Search.of(Status.FAILED).errorClass(text)));
                case 3 ->
                    found.addAll(finder.where(TEXT, text).list().stream()
                            .map(OperationInfo::id)
                            .toList());
                default ->
                    found.addAll(finder.where(ANSWERS, Map.of(text, text)).list().stream()
                            .map(OperationInfo::id)
                            .toList());
            }
        });
        assertThat(accepted).isEqualTo(Hostile.isStorable(text));
        if (!text.equals("work")) {
            assertThat(found).isEmpty();
        }
    }

    private void searchValues() {
        Object value = hostile.value();
        String name = hostile.one("text", "answer", "answers", hostile.text());
        List<Long> found = new ArrayList<>();
        boolean accepted = accepted(name, () -> {
            switch (hostile.random().nextInt(4)) {
                case 0 -> found.addAll(ids(Search.all().param(name, value)));
                case 1 -> found.addAll(ids(Search.all().output(name, value)));
                case 2 -> found.addAll(ids(Search.all().param(List.of(name, "other"), value)));
                default ->
                    assertThat(new Search.Value(List.of(name), value).names()).containsExactly(name);
            }
        });
        if (value != null && accepted) {
            assertThat(found).isEmpty();
        }
    }

    private List<Long> ids(Search search) {
        long count = backOps.operations().count(search);
        List<Long> ids = backOps.operations().list(search).stream()
                .map(OperationInfo::id)
                .toList();
        assertThat(ids).hasSize((int) count);
        return ids;
    }

    /** An operation with one name that nobody expects, wherever it has one. */
    private void definition() throws Exception {
        String odd = hostile.text();
        int place = hostile.random().nextInt(12);
        Field<String> value = new Field<>(
                place == 0 ? odd : "value",
                place == 1
                        ? new ValueType<>(odd, one -> one, String.class::cast)
                        : place == 2
                                ? Types.wrapper(Types.enumOf(odd, KeyScope.values()), KeyScope::valueOf, KeyScope::name)
                                : Types.STRING,
                true,
                List.of(),
                null,
                true,
                Field.Privacy.OPEN);
        Field<String> param = place == 3 ? value.formerly(odd) : value;
        String branch = place == 4 ? odd : "side";
        String first = place == 5 ? odd : "first";
        String target = place == 6 ? odd : branch;
        StepDefinition step = StepDefinition.named(first)
                .mayRead(place == 7 ? odd : param.name())
                .retry(ONCE);
        StepDefinition leading = hostile.one(step.jumps(target), step.then(target), step.onFailure(target));
        OperationDefinition odds = OperationDefinition.named(place == 8 ? odd : "odd.work")
                .params(param)
                .step(place == 9 ? leading.formerly(odd) : leading)
                .step(StepDefinition.named("aside").branch(branch).retry(ONCE))
                .queue(place == 10 ? odd : "odd")
                .formerly(place == 11 ? odd : "odd.past");
        OperationSteps steps = OperationSteps.of(odds)
                .step(
                        first,
                        (values, run) -> StepResult.none().jump(leading.jumps().isEmpty() ? null : target))
                .step("aside", (values, run) -> StepResult.none());
        AtomicLong id = new AtomicLong();
        try (BackOps other = BackOps.builder(database.dataSource()).build()) {
            boolean accepted = accepted("", () -> {
                int use = hostile.random().nextInt(3);
                if (use > 0) {
                    other.register(steps);
                }
                if (use == 1) {
                    other.start();
                }
                if (use == 2) {
                    // As teams do that run DDL themselves; what is in them comes from the source, and is quoted all the
                    // same.
                    other.indexStatements().forEach(sql::execute);
                }
                id.set(other.client(odds).enqueue(Values::none).id());
            });
            if (accepted && backOps.operations().find(id.get()).orElseThrow().worker() != null) {
                assertThat(other.await(id.get(), LONG)).isIn(Status.COMPLETED, Status.FAILED);
            }
            if (accepted) {
                OperationInfo<?> info = backOps.operations().find(id.get()).orElseThrow();
                assertThat(info.name()).isEqualTo(odds.name());
                assertThat(ids(Search.all().names(odds.name()))).containsExactly(id.get());
                assertThat(sql.text("SELECT steps #>> '{0,name}' FROM backops.definition WHERE name = ?", odds.name()))
                        .isEqualTo(first);
            } else {
                assertThat(sql.number("SELECT count(*) FROM backops.definition"))
                        .isEqualTo(1);
            }
        }
    }

    private void literals() {
        String text = hostile.text();
        Object value = hostile.value();
        try {
            switch (hostile.random().nextInt(4)) {
                case 0 -> StepDefinition.named("a").delay(text);
                case 1 -> StepDefinition.named("a").timeout(text);
                case 2 -> RetryPolicy.of(1, text, 1, text, 0);
                default -> TEXT.orElse(value == null ? 1 : value);
            }
        } catch (DateTimeParseException e) {
            // Generated code has what the processor has read already.
            assertThat(e.getParsedString()).isEqualTo(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("\"text\"");
        }
    }

    private void settings() {
        String text = hostile.text();
        switch (hostile.random().nextInt(3)) {
            case 0 -> {
                if (!text.matches("[a-z_][a-z0-9_]{0,62}")) {
                    assertThat(accepted(
                                    "schema",
                                    () -> BackOps.builder(database.dataSource())
                                            .schema(text)
                                            .build()
                                            .close()))
                            .isFalse();
                }
            }
            case 1 -> {
                boolean accepted = accepted(
                        "queue",
                        () -> BackOps.builder(database.dataSource())
                                .queue(text, 1)
                                .build()
                                .close());
                assertThat(accepted).isEqualTo(text.matches("[A-Za-z][A-Za-z0-9_.-]{0,199}"));
            }
            default -> assertThat(accepted("", () -> Status.ofSql(text))).isFalse();
        }
    }

    // The rest

    /** Tries; where it is refused, by us and with the thing's name, all is as it was. */
    private boolean accepted(String named, Runnable attempt) {
        String before = rows(Long.MAX_VALUE);
        try {
            attempt.run();
            return true;
        } catch (BackOpsException | IllegalArgumentException e) {
            assertThat(e).isNotInstanceOf(DatabaseException.class);
            if (Hostile.isStorable(named) && named.length() < 200) {
                assertThat(e).hasMessageContaining(named);
            }
            assertThat(rows(Long.MAX_VALUE)).as("rows after %s", e).isEqualTo(before);
            return false;
        }
    }

    private long enqueue(StepBody body) {
        long number = numbers.incrementAndGet();
        bodies.put(number, body);
        return client.enqueue(() -> Values.of(NUMBER, number)).id();
    }

    private long enqueueLater() {
        long number = numbers.incrementAndGet();
        return client.after(Duration.ofDays(1))
                .enqueue(() -> Values.of(NUMBER, number))
                .id();
    }

    /** One that is paused, with an output. */
    private long victim() {
        long id = enqueueLater();
        backOps.operations().pause(id);
        backOps.operations().skip(id, Map.of("answer", "before"));
        return id;
    }

    /** Everything that is stored about operations up to an id. */
    private String rows(long lastId) {
        return sql.text("""
                SELECT md5(concat(
                  (SELECT string_agg(t::text, ';' ORDER BY id) FROM backops.operation t WHERE id <= %1$d),
                  (SELECT string_agg(t::text, ';' ORDER BY operation_id) FROM backops.work t WHERE operation_id <= %1$d),
                  (SELECT string_agg(t::text, ';' ORDER BY operation_id, seq) FROM backops.step t WHERE operation_id <= %1$d),
                  (SELECT string_agg(t::text, ';' ORDER BY id) FROM backops.failure t WHERE operation_id <= %1$d),
                  (SELECT string_agg(t::text, ';' ORDER BY id) FROM backops.audit t WHERE operation_id <= %1$d),
                  (SELECT string_agg(t::text, ';' ORDER BY id) FROM backops.definition t WHERE name = 'hostile.work'),
                  (SELECT string_agg(t::text, ';' ORDER BY kind, name) FROM backops.pause t)))
                """.formatted(lastId));
    }

    private void forget() {
        for (String table : List.of("work", "step", "failure", "audit")) {
            sql.execute("DELETE FROM backops." + table + " WHERE operation_id > " + bystanders);
        }
        sql.execute("DELETE FROM backops.operation WHERE id > " + bystanders);
        sql.execute("DELETE FROM backops.definition WHERE name <> 'hostile.work'");
        sql.texts("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'by\\_%'")
                .forEach(index -> sql.execute("DROP INDEX IF EXISTS backops." + index));
        seen.clear();
        bodies.clear();
    }
}
