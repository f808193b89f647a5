package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backops.annotation.Dedupe;
import dev.backops.annotation.KeyScope;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.testkit.Sql;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class KeysTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Field<Long> CUSTOMER = Field.required("customer", Types.LONG);
    private static final Field<String> MONTH = Field.required("month", Types.STRING);
    private static final Field<BigDecimal> AMOUNT = Field.nullable("amount", Types.BIG_DECIMAL);
    private static final Field<Set<String>> TAGS = Field.nullable("tags", Types.setOf(Types.STRING));

    private static final OperationDefinition BILL = OperationDefinition.named("bill")
            .params(CUSTOMER, MONTH, AMOUNT, TAGS)
            .step(StepDefinition.named("send"));
    private static final OperationDefinition KEYED = BILL.key("customer", "month");

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private BackOps backOps;
    private Sql sql;

    @BeforeEach
    void open() {
        backOps = BackOps.builder(database.dataSource()).build();
        sql = new Sql(database.dataSource());
    }

    @AfterEach
    void close() {
        backOps.close();
    }

    @Test
    void keyOfParams_again_returnsTheFirstOne() {
        OperationClient bills = backOps.client(KEYED);

        Enqueued first = bills.enqueue(() -> bill(1, "May"));

        assertThat(first.added()).isTrue();
        assertThat(bills.enqueue(() -> bill(1, "May"))).isEqualTo(new Enqueued(first.id(), false));
        assertThat(bills.enqueue(() -> bill(1, "June")).added()).isTrue();
        assertThat(bills.enqueue(() -> bill(2, "May")).added()).isTrue();
        assertThatThrownBy(() -> bills.enqueue(() -> bill(1, "May").and(AMOUNT, BigDecimal.ONE)))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("Operation " + first.id() + " of bill has the same key, but other params");
        assertThat(backOps.operations().find(first.id()).orElseThrow().key()).isEqualTo("[1,\"May\"]");
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(3);
    }

    @Test
    void keyAtTheCall_replacesThatOfTheParams() {
        OperationClient bills = backOps.client(KEYED);
        bills.enqueue(() -> bill(1, "May"));

        assertThat(bills.key("again").enqueue(() -> bill(1, "May")).added()).isTrue();
        assertThat(bills.key("again").enqueue(() -> bill(1, "May")).added()).isFalse();
    }

    @Test
    void keyOfParams_isTheSameForEqualValuesAlone() {
        OperationClient bills = backOps.client(BILL.key("month", "amount", "tags"));
        Enqueued first = bills.enqueue(
                () -> bill(1, "a\",\"b").and(AMOUNT, new BigDecimal("1.50")).and(TAGS, inOrder("x", "y")));

        assertThat(bills.enqueue(() ->
                        bill(1, "a\",\"b").and(AMOUNT, new BigDecimal("1.5")).and(TAGS, inOrder("y", "x"))))
                .isEqualTo(new Enqueued(first.id(), false));
        assertThat(bills.enqueue(() ->
                                bill(1, "a").and(AMOUNT, new BigDecimal("1.50")).and(TAGS, inOrder("x", "y")))
                        .added())
                .isTrue();
        assertThat(bills.enqueue(() -> bill(1, "a\",\"b").and(TAGS, inOrder("x", "y")))
                        .added())
                .isTrue();
    }

    @Test
    void keyOfParams_thatIsLongOrSecret_isHashed() {
        String longMonth = "😀".repeat(300);
        OperationClient bills = backOps.client(KEYED);
        Enqueued first = bills.enqueue(() -> bill(1, longMonth));
        assertThat(bills.enqueue(() -> bill(1, longMonth))).isEqualTo(new Enqueued(first.id(), false));
        assertThat(bills.enqueue(() -> bill(1, longMonth + "!")).added()).isTrue();

        Field<String> iban = Field.required("iban", Types.STRING).sensitive();
        OperationDefinition payment = OperationDefinition.named("payment")
                .params(iban)
                .step(StepDefinition.named("send"))
                .key("iban");
        Enqueued secret = backOps.client(payment).enqueue(() -> Values.of(iban, "DE00"));

        assertThat(backOps.operations().find(secret.id()).orElseThrow().key()).matches("sha256:[0-9a-f]{64}");
        assertThat(backOps.client(payment)
                        .enqueue(() -> Values.of(iban, "DE00"))
                        .added())
                .isFalse();
    }

    @Test
    void keyOfWhatIsNoParam_isRefused() {
        assertThatThrownBy(() -> backOps.client(BILL.key("year")).enqueue(() -> bill(1, "May")))
                .isInstanceOf(InvalidParamsException.class)
                .hasMessageContaining("The key names \"year\", which is not a param");
    }

    @Test
    void sameParams_areAddedOnce() {
        OperationClient bills = backOps.client(BILL.dedupe(Dedupe.SAME_PARAMS));
        Enqueued first = bills.enqueue(
                () -> bill(1, "May").and(AMOUNT, new BigDecimal("10.0")).and(TAGS, inOrder("x", "y")));

        assertThat(bills.enqueue(() ->
                        bill(1, "May").and(AMOUNT, new BigDecimal("10.00")).and(TAGS, inOrder("y", "x"))))
                .isEqualTo(new Enqueued(first.id(), false));
        assertThat(bills.enqueue(() -> bill(1, "May").and(AMOUNT, new BigDecimal("10.0")))
                        .added())
                .isTrue();

        // A param that a later version adds, and that is not given, changes nothing.
        OperationDefinition later = OperationDefinition.named("bill")
                .params(CUSTOMER, MONTH, AMOUNT, TAGS, Field.nullable("note", Types.STRING))
                .step(StepDefinition.named("send"))
                .dedupe(Dedupe.SAME_PARAMS);
        assertThat(backOps.client(later)
                        .enqueue(() ->
                                bill(1, "May").and(AMOUNT, new BigDecimal("10")).and(TAGS, inOrder("x", "y"))))
                .isEqualTo(new Enqueued(first.id(), false));
    }

    @ParameterizedTest
    @EnumSource(KeyScope.class)
    void fiftyThreadsAtOnce_exactlyOneAdds(KeyScope scope) throws Exception {
        OperationClient bills = backOps.client(KEYED.keyScope(scope));

        List<Enqueued> all = atOnce(Collections.nCopies(50, () -> bills.enqueue(() -> bill(1, "May"))));

        assertThat(all).filteredOn(Enqueued::added).hasSize(1);
        assertThat(all).extracting(Enqueued::id).containsOnly(all.get(0).id());
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(1);
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(KeyScope.class)
    void bulk_answersInOrderAndAddsEachKeyOnce(KeyScope scope) {
        OperationClient bills = backOps.client(KEYED.keyScope(scope));
        Enqueued there = bills.enqueue(() -> bill(3, "May"));

        List<Enqueued> all = bills.enqueueAll(List.of(9L, 3L, 1L, 9L, 5L, 1L, 3L), number -> bill(number, "May"));

        assertThat(all).extracting(Enqueued::added).containsExactly(true, false, true, false, true, false, false);
        assertThat(all.get(3).id()).isEqualTo(all.get(0).id());
        assertThat(all.get(5).id()).isEqualTo(all.get(2).id());
        assertThat(List.of(all.get(1).id(), all.get(6).id())).containsOnly(there.id());
        assertThat(sql.texts(
                        "SELECT params ->> 'customer' FROM backops.operation WHERE id IN (?, ?, ?) ORDER BY id = ? DESC",
                        all.get(0).id(),
                        all.get(2).id(),
                        all.get(4).id(),
                        all.get(0).id()))
                .startsWith("9")
                .hasSize(3);
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(4);
    }

    @Test
    void bulkWithOneKeyForTwoParams_addsNothing() {
        assertThatThrownBy(() -> backOps.client(KEYED)
                        .enqueueAll(List.of(1, 2), amount -> bill(1, "May").and(AMOUNT, BigDecimal.valueOf(amount))))
                .isInstanceOf(KeyConflictException.class);
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isZero();
    }

    @ParameterizedTest
    @EnumSource(KeyScope.class)
    void bulksOfTheSameKeysInAnyOrder_doNotBlockEachOther(KeyScope scope) throws Exception {
        OperationClient bills = backOps.client(KEYED.keyScope(scope));
        List<Callable<List<Enqueued>>> bulks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<Long> numbers =
                    new ArrayList<>(LongStream.range(0, 2_200).boxed().toList());
            Collections.shuffle(numbers, new Random(i));
            bulks.add(() -> bills.enqueueAll(numbers, number -> bill(number, "May")));
        }

        List<List<Enqueued>> all = atOnce(bulks);

        assertThat(all.stream().flatMap(List::stream).filter(Enqueued::added)).hasSize(2_200);
        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isEqualTo(2_200);
        assertThat(sql.number("SELECT count(*) FROM backops.work")).isEqualTo(2_200);
    }

    @Test
    void keyForEver_outlastsTheEnd_andIsFreeWhenTheRowIsPruned() throws Exception {
        runBills();
        OperationClient bills = backOps.client(KEYED);
        Enqueued first = bills.enqueue(() -> bill(1, "May"));
        assertThat(backOps.await(first.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(bills.enqueue(() -> bill(1, "May"))).isEqualTo(new Enqueued(first.id(), false));

        try (BackOps pruner = BackOps.builder(database.dataSource())
                .keep(Status.COMPLETED, Duration.ZERO)
                .build()) {
            pruner.register(OperationSteps.of(OperationDefinition.named("other").step(StepDefinition.named("none")))
                            .step("none", (values, run) -> StepResult.none()))
                    .start();
            await().atMost(LONG)
                    .until(() -> backOps.operations().status(first.id()).isEmpty());
        }

        Enqueued second = bills.enqueue(() -> bill(1, "May"));
        assertThat(second.added()).isTrue();
        assertThat(second.id()).isNotEqualTo(first.id());
    }

    @Test
    void keysOfRowsThatArePrunedAtThatMoment_areFreeOrTaken() throws Exception {
        OperationClient bills = backOps.client(KEYED);
        Tables tables = new Tables(database);
        Callable<Long> prune = () -> {
            long pruned = 0;
            for (int i = 0; i < 400; i++) {
                sql.execute("UPDATE backops.operation SET outcome = 'completed', finished_at = now()"
                        + " WHERE outcome IS NULL");
                pruned += tables.database()
                        .<Integer, RuntimeException>inTransaction(
                                handle -> Tables.STORES.prunes().prune(handle, Status.COMPLETED, Duration.ZERO, 1_000));
            }
            return pruned;
        };
        Callable<Long> enqueue = () -> {
            for (int i = 0; i < 200; i++) {
                bills.enqueue(() -> bill(1, "May"));
                bills.enqueueAll(List.of(3L, 1L, 2L), number -> bill(number, "May"));
            }
            return 0L;
        };

        assertThat(atOnce(List.of(prune, enqueue, enqueue, enqueue)).get(0)).isGreaterThan(3);

        assertThat(sql.number("SELECT count(*) FROM backops.operation")).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "ready, true",
        "scheduled, true",
        "paused, true",
        "failed, true",
        "cancelled, false",
        "compensated, false"
    })
    void keyUntilTheEnd_isHeldByWhatIsNotOver(String state, boolean held) {
        OperationClient bills = backOps.client(KEYED.keyScope(KeyScope.UNFINISHED));
        Enqueued first = bills.enqueue(() -> bill(1, "May"));
        sql.execute("UPDATE backops.work SET state = ?", state);

        assertThat(bills.enqueue(() -> bill(1, "May")).added()).isEqualTo(!held);
        if (held) {
            assertThatThrownBy(() -> bills.enqueue(() -> bill(1, "May").and(AMOUNT, BigDecimal.ONE)))
                    .isInstanceOf(KeyConflictException.class);
        } else {
            assertThat(bills.enqueue(() -> bill(1, "May")).id()).isNotEqualTo(first.id());
        }
    }

    @Test
    void keyUntilTheEnd_isKeptByAFailedOneForItsResume_andGivenUpForGoodWithTheEnd() {
        OperationClient bills = backOps.client(KEYED.keyScope(KeyScope.UNFINISHED));
        Enqueued first = bills.enqueue(() -> bill(1, "May"));
        sql.execute("UPDATE backops.work SET state = 'failed'");
        assertThat(bills.enqueue(() -> bill(1, "May"))).isEqualTo(new Enqueued(first.id(), false));

        backOps.operations().resume(first.id());
        assertThat(bills.enqueue(() -> bill(1, "May"))).isEqualTo(new Enqueued(first.id(), false));

        backOps.operations().cancel(first.id());
        Enqueued second = bills.enqueue(() -> bill(1, "May"));
        assertThat(second.added()).isTrue();
        assertThatThrownBy(() -> backOps.operations().resume(first.id()))
                .isInstanceOf(RepairRefusedException.class)
                .hasMessageContaining("what is over cannot be changed");
        assertThat(bills.enqueue(() -> bill(1, "May"))).isEqualTo(new Enqueued(second.id(), false));
    }

    @Test
    void keyUntilTheEnd_isFreeAfterIt() throws Exception {
        runBills();
        OperationClient bills = backOps.client(KEYED.keyScope(KeyScope.UNFINISHED));
        Enqueued first = bills.after(Duration.ofHours(1)).enqueue(() -> bill(1, "May"));
        assertThat(backOps.operations().cancel(first.id())).isTrue();
        Enqueued second = bills.enqueue(() -> bill(1, "May"));
        assertThat(second.added()).isTrue();
        assertThat(backOps.await(second.id(), LONG)).isEqualTo(Status.COMPLETED);

        Enqueued third = bills.enqueue(() -> bill(1, "May").and(AMOUNT, BigDecimal.TEN));

        assertThat(third.added()).isTrue();
        assertThat(backOps.await(third.id(), LONG)).isEqualTo(Status.COMPLETED);
        assertThat(backOps.operations().find(third.id()).orElseThrow().key()).isEqualTo("[1,\"May\"]");
    }

    @Test
    void keyUntilTheEnd_ofOperationsThatEndAtThatMoment_neitherDoublesNorFails() throws Exception {
        runBills();
        OperationClient bills = backOps.client(KEYED.keyScope(KeyScope.UNFINISHED));
        Callable<Long> task = () -> {
            long added = 0;
            for (int i = 0; i < 250; i++) {
                long customer = i % 2;
                added += bills.enqueue(() -> bill(customer, "May")).added() ? 1 : 0;
                added += bills.enqueueAll(List.of(1L, 0L), number -> bill(number, "May")).stream()
                        .filter(Enqueued::added)
                        .count();
            }
            return added;
        };

        long added = atOnce(Collections.nCopies(4, task)).stream()
                .mapToLong(one -> one)
                .sum();

        await().atMost(LONG).until(() -> sql.number("SELECT count(*) FROM backops.work") == 0);
        assertThat(sql.number("SELECT count(*) FROM backops.operation WHERE outcome = 'completed'"))
                .isEqualTo(added);
        // So it ended now and then in between.
        assertThat(added).isGreaterThan(20);
    }

    private void runBills() {
        backOps.register(OperationSteps.of(BILL).step("send", (values, run) -> StepResult.none()))
                .start();
    }

    private static Values bill(long customer, String month) {
        return Values.of(CUSTOMER, customer).and(MONTH, month);
    }

    private static Set<String> inOrder(String... elements) {
        return new LinkedHashSet<>(List.of(elements));
    }

    private static <T> List<T> atOnce(List<? extends Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(tasks)) {
                results.add(one.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
