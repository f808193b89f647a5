package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.backops.FailureGroup;
import dev.backops.FailureInfo;
import dev.backops.OperationInfo;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.StepCount;
import dev.backops.StepInfo;
import dev.backops.StepStatus;
import dev.backops.testkit.Interceptor;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewsTest {

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final ViewStore store = Tables.STORES.views();
    private Handle handle;

    @BeforeEach
    void open() {
        handle = tables.open();
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state = 'ready'                       | READY",
                "state = 'ready', attempts = 1         | RETRYING",
                "state = 'ready', crashes = 1          | READY",
                "state = 'scheduled'                   | SCHEDULED",
                "state = 'scheduled', attempts = 2     | RETRYING",
                "state = 'running', worker = 7         | RUNNING",
                "state = 'running', worker = 7, attempts = 2 | RUNNING",
                "state = 'failed', attempts = 3        | FAILED",
                "state = 'paused'                      | PAUSED",
                "state = 'paused', attempts = 1        | PAUSED",
                "state = 'cancelled'                   | CANCELLED",
            })
    void unfinishedOperation_hasItsStatusInEveryViewAndSearch(String assignments, Status status) {
        tables.add("state = 'ready', attempts = 1");
        tables.add("state = 'failed'");
        long id = tables.add(assignments);

        assertThat(store.status(handle, id)).contains(status);
        assertThat(find(id).status()).isEqualTo(status);
        assertThat(tables.text("SELECT status FROM backops.unfinished WHERE id = " + id))
                .isEqualTo(status.sql());
        for (Status other : Status.values()) {
            assertThat(ids(Search.of(other)).contains(id)).isEqualTo(other == status);
        }
        assertThat(ids(Search.all())).contains(id);
        assertThat(ids(Search.of(Status.COMPLETED, status))).contains(id);
        assertThat(tables.rows("SELECT * FROM backops.unfinished WHERE id = " + id))
                .isEqualTo(tables.rows("SELECT * FROM backops.operations WHERE id = " + id));
    }

    @Test
    void completedOperation_hasItsOutputsAndNoWork() {
        long id = completed();

        OperationInfo<Map<String, Object>> info = find(id);

        assertThat(info.status()).isEqualTo(Status.COMPLETED);
        assertThat(info.step()).isNull();
        assertThat(info.stepsDone()).isEqualTo(3);
        assertThat(info.stepsPlanned()).isEqualTo(3);
        assertThat(info.attempts()).isZero();
        assertThat(info.runAt()).isNull();
        assertThat(info.worker()).isNull();
        assertThat(info.finishedAt()).isNotNull();
        assertThat(info.context()).isEqualTo(Map.of("number", 0, "receipt", "r1"));
        assertThat(ids(Search.of(Status.COMPLETED))).containsExactly(id);
        assertThat(ids(Search.of(Status.READY))).isEmpty();
        assertThat(tables.number("SELECT count(*) FROM backops.unfinished")).isZero();
        assertThat(store.status(handle, id + 1)).isEmpty();
        assertThat(store.find(handle, id + 1)).isEmpty();
    }

    @Test
    void operation_halfway_showsOutputsSoFarAndItsLastError() {
        long id = tables.add("state = 'scheduled', attempts = 2, run_at = '2030-01-01Z'");
        tables.execute("UPDATE backops.operation SET steps_done = 2, next_step = 'thank', key = 'k'");
        step(id, 0, "charge", "{\"receipt\": \"old\", \"note\": \"fragile\"}");
        step(id, 1, "ship", "{\"receipt\": \"r1\", \"note\": null}");
        failure(id, 0, 1, "of an earlier step");
        failure(id, 2, 1, "first");
        failure(id, 2, 2, "second");

        OperationInfo<Map<String, Object>> info = find(id);

        assertThat(info.context()).isEqualTo(Map.of("number", 0, "receipt", "r1"));
        assertThat(info.step()).isEqualTo("thank");
        assertThat(info.stepsDone()).isEqualTo(2);
        assertThat(info.attempts()).isEqualTo(2);
        assertThat(info.errorClass()).isEqualTo("x.Y");
        assertThat(info.errorMessage()).isEqualTo("second");
        assertThat(info.runAt()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(info.key()).isEqualTo("k");
        assertThat(info.finishedAt()).isNull();
        assertThat(tables.text("SELECT error_frame FROM backops.unfinished")).isEqualTo("Shop.java:5");
        assertThat(tables.text("SELECT outputs::text FROM backops.operations")).isEqualTo("{\"receipt\": \"r1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state = 'ready'                       | PENDING   | 0",
                "state = 'scheduled', attempts = 2     | RETRYING  | 2",
                "state = 'ready', attempts = 2         | RETRYING  | 2",
                "state = 'running', worker = 7, attempts = 1 | RUNNING | 1",
                "state = 'failed', attempts = 3        | FAILED    | 3",
            })
    void steps_areThoseDoneThoseNowAndThosePlanned(String assignments, StepStatus status, int attempts) {
        long id = tables.add(assignments);
        tables.execute("UPDATE backops.operation SET steps_done = 1, next_step = 'ship'");
        step(id, 0, "charge", "{\"receipt\": \"r1\", \"note\": null}");
        failure(id, 1, 1, "no van");

        List<StepInfo> steps = store.steps(handle, id);

        assertThat(steps)
                .extracting(StepInfo::seq, StepInfo::name, StepInfo::status, StepInfo::attempts, StepInfo::errorMessage)
                .containsExactly(
                        tuple(0, "charge", StepStatus.COMPLETED, 4, null),
                        tuple(1, "ship", status, attempts, "no van"),
                        tuple(2, "thank", StepStatus.PENDING, 0, null));
        assertThat(steps.get(0).duration()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(steps.get(0).finishedAt())
                .isEqualTo(Objects.requireNonNull(steps.get(0).startedAt()).plusMillis(1_500));
        assertThat(steps.get(1).duration()).isNull();
        assertThat(steps.get(1).stackTrace()).isEqualTo("x.Y at Shop");
        assertThat(tables.text("SELECT outputs::text FROM backops.steps WHERE seq = 0"))
                .isEqualTo("{\"receipt\": \"r1\"}");
    }

    @Test
    void steps_ofACompletedOperation_areThoseThatRan_andThoseThatWerePassedOver() {
        long id = completed();
        step(id, 0, "ship", null);

        assertThat(store.steps(handle, id))
                .extracting(StepInfo::name, StepInfo::status)
                .containsExactly(
                        tuple("ship", StepStatus.COMPLETED),
                        tuple("charge", StepStatus.SKIPPED),
                        tuple("thank", StepStatus.SKIPPED));
        assertThat(store.steps(handle, id + 1)).isEmpty();
    }

    @Test
    void failures_areThoseOfAllAttempts() {
        long id = tables.add();
        failure(id, 0, 1, "first");
        failure(id, 0, 2, null);
        failure(tables.add(), 0, 1, "of another");

        assertThat(store.failures(handle, id))
                .extracting(
                        FailureInfo::operationId,
                        FailureInfo::step,
                        FailureInfo::attempt,
                        FailureInfo::errorClass,
                        FailureInfo::message,
                        FailureInfo::frame,
                        FailureInfo::stackTrace,
                        FailureInfo::worker)
                .containsExactly(
                        tuple(id, "charge", 1, "x.Y", "first", "Shop.java:5", "x.Y at Shop", 7L),
                        tuple(id, "charge", 2, "x.Y", null, "Shop.java:5", "x.Y at Shop", 7L));
        assertThat(tables.text("SELECT DISTINCT operation FROM backops.failures"))
                .isEqualTo("orders.order");
    }

    @Test
    void question_inSqlForParamsAndOutputs_isAnsweredAtEveryState() {
        long wanted = tables.add("state = 'failed'");
        long done = completed();
        tables.add();
        tables.execute("UPDATE backops.operation SET params = '{\"number\": 42, \"customer\": \"Ada\"}' WHERE id IN ("
                + wanted + ", " + done + ")");
        step(wanted, 0, "charge", "{\"receipt\": \"r1\"}");

        String question = "SELECT id FROM backops.operations WHERE name = 'orders.order' AND context @> ";

        assertThat(tables.numbers(question + "'{\"number\": 42}'")).containsExactlyInAnyOrder(wanted, done);
        assertThat(tables.numbers(question + "'{\"number\": 42, \"receipt\": \"r1\"}'"))
                .containsExactlyInAnyOrder(wanted, done);
        assertThat(tables.numbers(question + "'{\"number\": 42, \"receipt\": \"r2\"}'"))
                .isEmpty();
    }

    @Test
    void search_isNewestFirstByPages() {
        List<Long> ids = tables.add(5);
        tables.work(ids.get(1), "state = 'failed'");
        long done = completed();

        assertThat(ids(Search.all().limit(2))).containsExactly(done, ids.get(4));
        assertThat(ids(Search.all().limit(2).before(find(ids.get(4))))).containsExactly(ids.get(3), ids.get(2));
        assertThat(ids(Search.of(Status.READY, Status.COMPLETED).limit(2))).containsExactly(done, ids.get(4));
        assertThat(ids(Search.of(Status.READY, Status.FAILED, Status.COMPLETED)))
                .containsExactly(done, ids.get(4), ids.get(3), ids.get(2), ids.get(1), ids.get(0));
        assertThat(ids(Search.of(Status.READY).before(find(ids.get(2))))).containsExactly(ids.get(0));
        assertThat(ids(Search.of(Status.COMPLETED).before(find(done)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "READY", "READY COMPLETED", "READY FAILED RETRYING SCHEDULED RUNNING COMPLETED"})
    void count_isOfAllThatMatch(String statuses) {
        tables.add(3);
        completed();
        Search search = Search.of(Stream.of(statuses.split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(Status::valueOf)
                        .toList())
                .limit(1);

        long expected = statuses.isEmpty() || statuses.contains("COMPLETED") ? 4 : 3;

        assertThat(store.count(handle, search)).isEqualTo(expected);
        assertThat(store.list(handle, search)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "READY", "COMPLETED", "COMPLETED READY"})
    void search_byNameAndParams_findsThoseThatHaveThem(String statuses) {
        long plain = tables.add();
        long named = tables.add();
        long doneNamed = completed();
        tables.execute("UPDATE backops.operation SET params = '{\"number\": 1, \"customer\": \"Ada\"}' WHERE id IN ("
                + named + ", " + doneNamed + ")");
        long donePlain = completed();
        Search search = Search.of(Stream.of(statuses.split(" "))
                .filter(word -> !word.isEmpty())
                .map(Status::valueOf)
                .toList());
        boolean ready = !statuses.equals("COMPLETED");
        boolean done = !statuses.equals("READY");

        Search orders = search.names("orders.order");
        Search ada = orders.param("customer", "Ada");
        assertThat(ids(ada))
                .isEqualTo(Stream.of(done ? doneNamed : null, ready ? named : null)
                        .filter(Objects::nonNull)
                        .toList());
        assertThat(ids(orders.param("customer", null)))
                .isEqualTo(Stream.of(done ? donePlain : null, ready ? plain : null)
                        .filter(Objects::nonNull)
                        .toList());
        assertThat(ids(ada.param("number", 2))).isEmpty();
        assertThat(ids(search.names("orders.other"))).isEmpty();
        assertThat(ids(search)).hasSize((ready ? 2 : 0) + (done ? 2 : 0));
    }

    @Test
    void search_byOneConditionMore_findsThoseForWhichItHolds() {
        long failed = tables.add("state = 'failed', attempts = 3");
        failure(failed, 0, 3, "no van");
        long running = tables.add("state = 'running', worker = 7");
        long ready = tables.add();
        long done = completed();
        long other = tables.add("state = 'failed', attempts = 3");
        tables.execute(
                "UPDATE backops.operation SET steps_done = 1, next_step = 'ship', params = '{\"tags\": [\"a\", \"b\"]}'"
                        + " WHERE id = " + other);
        step(other, 0, "charge", "{\"receipt\": \"r1\"}");
        // A failure of a step that is over is no failure of the present one.
        failure(other, 0, 1, "long ago");

        assertThat(ids(Search.all().step("charge"))).containsExactly(ready, running, failed);
        assertThat(ids(Search.of(Status.FAILED).step("ship"))).containsExactly(other);
        assertThat(ids(Search.of(Status.COMPLETED).step("ship"))).isEmpty();
        assertThat(ids(Search.all().errorClass("x.Y"))).containsExactly(failed);
        assertThat(ids(Search.all().errorClass("x.Z"))).isEmpty();
        assertThat(ids(Search.all().worker(7))).containsExactly(running);
        assertThat(ids(Search.of(Status.READY, Status.RUNNING).worker(8))).isEmpty();
        assertThat(ids(Search.all().ids(List.of(ready, done, 77L)))).containsExactly(done, ready);
        assertThat(ids(Search.all().output("receipt", "r1"))).containsExactly(other, done);
        assertThat(ids(Search.of(Status.FAILED).output("receipt", null))).containsExactly(failed);
        assertThat(ids(Search.of(Status.FAILED).output("receipt", "r1").output("note", null)))
                .containsExactly(other);
        assertThat(ids(Search.all().param("tags", List.of("b", "a")))).containsExactly(other);
        assertThat(ids(Search.all().param("tags", List.of("a")))).isEmpty();
    }

    @Test
    void search_byTime_holdsFromTheFirstAndBeforeTheLast() {
        long old = tables.add();
        long late = completed();
        tables.execute("UPDATE backops.operation SET created_at = '2020-01-01Z' WHERE id = " + old);
        tables.execute("UPDATE backops.work SET created_at = '2020-01-01Z' WHERE operation_id = " + old);
        step(late, 0, "charge", null);
        tables.execute("UPDATE backops.step SET finished_at = (SELECT finished_at FROM backops.operation WHERE id = "
                + late + ")");
        Instant created = find(late).createdAt();
        Instant finished = Objects.requireNonNull(find(late).finishedAt());

        assertThat(ids(Search.all().createdFrom(created))).containsExactly(late);
        assertThat(ids(Search.all().createdTo(created))).containsExactly(old);
        assertThat(ids(Search.of(Status.READY).createdTo(created))).containsExactly(old);
        assertThat(ids(Search.of(Status.READY).createdFrom(Instant.parse("2020-01-01T00:00:00.000001Z"))))
                .isEmpty();
        assertThat(ids(Search.all().finishedFrom(finished))).containsExactly(late);
        assertThat(ids(Search.all().finishedTo(finished))).isEmpty();
        assertThat(ids(Search.all().createdFrom(Instant.MIN).createdTo(Instant.MAX)))
                .containsExactly(late, old);
    }

    @Test
    void search_byTheEnd_findsWhateverHasEnded() {
        long completed = completed();
        long cancelled = tables.add("state = 'cancelled'");
        tables.execute(
                "UPDATE backops.operation SET outcome = 'cancelled', finished_at = now() WHERE id = " + cancelled);
        tables.add("state = 'failed'");
        tables.execute("UPDATE backops.operation SET finished_at = '2026-01-01Z' WHERE outcome IS NOT NULL");
        step(completed, 0, "thank", null);
        tables.execute("UPDATE backops.step SET finished_at = '2026-01-01Z'");
        Instant end = Instant.parse("2026-01-01T00:00:00Z");
        tables.execute("UPDATE backops.operation SET created_at = '2025-12-31Z'");
        tables.execute("UPDATE backops.work SET created_at = '2025-12-31Z'");

        assertThat(ids(Search.all().finishedFrom(end))).containsExactly(cancelled, completed);
        assertThat(ids(Search.all().finishedFrom(end).finishedTo(end.plusMillis(1))))
                .containsExactly(cancelled, completed);
        assertThat(ids(Search.of(Status.COMPLETED).finishedFrom(end))).containsExactly(completed);
        assertThat(ids(Search.of(Status.CANCELLED, Status.FAILED).finishedFrom(end)))
                .containsExactly(cancelled);
        assertThat(ids(Search.of(Status.FAILED).finishedFrom(end))).isEmpty();
        assertThat(ids(Search.all().finishedFrom(end.plusMillis(1)))).isEmpty();
        assertThat(ids(Search.all().finishedTo(end))).isEmpty();
        assertThat(ids(Search.all().finishedTo(end.plusMillis(1)))).containsExactly(cancelled, completed);
        // More steps ended then than are worth a list.
        tables.execute(
                "INSERT INTO backops.step"
                        + " (operation_id, started_at, finished_at, worker, seq, token, attempts, name, status)"
                        + " SELECT 1000000 + n, now(), '2026-01-01Z', 7, 0, 1, 1, 'pick', 'completed' FROM generate_series(1, 11000) AS n");
        assertThat(ids(Search.all().finishedFrom(end))).containsExactly(cancelled, completed);
        assertThat(store.count(handle, Search.all().finishedFrom(end))).isEqualTo(2);
    }

    @Test
    void search_byAParamOrOutputOfSeveralNames_findsThemUnderEach() {
        long before = tables.add("state = 'failed'");
        long today = completed();
        long neither = tables.add("state = 'failed'");
        tables.execute(
                "UPDATE backops.operation SET params = '{\"buyer\": \"Ada\", \"number\": 1}' WHERE id = " + before);
        tables.execute(
                "UPDATE backops.operation SET params = '{\"customer\": \"Ada\", \"number\": 1}' WHERE id = " + today);
        step(before, 0, "charge", "{\"slip\": \"r1\"}");
        Search ada = Search.all().param(List.of("customer", "buyer"), "Ada");

        assertThat(ids(ada)).containsExactly(today, before);
        assertThat(ids(ada.param("number", 1).output(List.of("receipt", "slip"), "r1")))
                .containsExactly(today, before);
        assertThat(ids(ada.param("number", 2))).isEmpty();
        assertThat(ids(Search.all().param(List.of("customer", "buyer"), null))).containsExactly(neither);
        assertThat(ids(Search.all().output(List.of("receipt", "slip"), null))).containsExactly(neither);
        assertThat(ids(Search.all().param("customer", "Ada"))).containsExactly(today);

        for (String name : List.of("customer", "buyer")) {
            tables.execute(Tables.STORES.indexes().statement(new ParamIndex(List.of("orders.order"), name)));
        }
        try {
            assertThat(ids(ada.names("orders.order"))).containsExactly(today, before);
            assertThat(ids(ada.names("orders.order").statuses(List.of(Status.FAILED))))
                    .containsExactly(before);
            assertThat(store.count(handle, ada.names("orders.order"))).isEqualTo(2);
        } finally {
            for (String name : List.of("customer", "buyer")) {
                tables.execute("DROP INDEX backops." + new ParamIndex(List.of("orders.order"), name).indexName());
            }
        }
    }

    @Test
    void counts_areOfWhatIsNotOver() {
        tables.add(2);
        tables.add("state = 'cancelled'");
        tables.add("state = 'compensated'");
        tables.add("state = 'scheduled', attempts = 1");
        long failed = tables.add("state = 'failed'");
        tables.execute("UPDATE backops.operation SET next_step = 'ship' WHERE id = " + failed);
        completed();

        assertThat(store.counts(handle))
                .extracting(StepCount::name, StepCount::status, StepCount::step, StepCount::operations)
                .containsExactly(
                        tuple("orders.order", Status.FAILED, "ship", 1L),
                        tuple("orders.order", Status.READY, "charge", 2L),
                        tuple("orders.order", Status.RETRYING, "charge", 1L));
        assertThat(store.counts(handle).get(0).oldest()).isEqualTo(find(failed).createdAt());
    }

    @Test
    void failureGroups_areOfTheLastErrorOfEachPresentStep() {
        long first = tables.add("state = 'failed', attempts = 2");
        failure(first, 0, 1, "earlier, and other");
        tables.execute("UPDATE backops.failure SET error_class = 'x.Other', failed_at = '2026-01-01Z'");
        failure(first, 0, 2, "no van");
        long second = tables.add("state = 'scheduled', attempts = 1");
        failure(second, 0, 1, "no van either");
        long recovered = tables.add();
        failure(recovered, 0, 1, "before it was resumed");

        assertThat(store.failureGroups(handle))
                .extracting(
                        FailureGroup::name,
                        FailureGroup::step,
                        FailureGroup::errorClass,
                        FailureGroup::errorFrame,
                        FailureGroup::operations,
                        FailureGroup::failed,
                        FailureGroup::firstAt,
                        FailureGroup::sampleId,
                        FailureGroup::sampleMessage)
                .containsExactly(tuple(
                        "orders.order",
                        "charge",
                        "x.Y",
                        "Shop.java:5",
                        2L,
                        1L,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        second,
                        "no van either"));
    }

    @Test
    void failureGroups_tellTheSameErrorAtTwoPlacesApart() {
        List<Long> failed = tables.add(3);
        failed.forEach(id -> {
            tables.work(id, "state = 'failed', attempts = 1");
            failure(id, 0, 1, "no van");
        });
        tables.execute("UPDATE backops.failure SET frame = 'Depot.java:9' WHERE operation_id = " + failed.get(0));

        assertThat(store.failureGroups(handle))
                .extracting(FailureGroup::errorClass, FailureGroup::errorFrame, FailureGroup::operations)
                .containsExactly(tuple("x.Y", "Shop.java:5", 2L), tuple("x.Y", "Depot.java:9", 1L));
    }

    @Test
    void search_pageByPage_meetsEachOnceThoughOthersComeAndGo() {
        List<Long> ids = tables.add(7);
        tables.work(ids.get(2), "state = 'failed'");
        List<Long> met = new ArrayList<>();
        Search search = Search.of(Status.READY, Status.FAILED).limit(2);
        for (List<OperationInfo<Map<String, Object>>> page = store.list(handle, search);
                !page.isEmpty();
                page = store.list(handle, search)) {
            page.forEach(one -> met.add(one.id()));
            tables.add();
            OperationInfo<?> last = page.get(page.size() - 1);
            tables.execute("DELETE FROM backops.operation WHERE id = " + last.id());
            search = search.before(last);
        }

        assertThat(met).isEqualTo(ids.stream().sorted(Comparator.reverseOrder()).toList());
    }

    /* An operation that completes between two questions would be in neither answer. */
    @Test
    void search_besideAnOperationThatCompletes_findIt() {
        long id = tables.add("state = 'running', worker = 7");
        Interceptor interceptor = new Interceptor(testDatabase.dataSource());
        // After one half of the answer, were there two.
        interceptor.before("UNION ALL", () -> complete(id));

        List<Long> found = new Database(interceptor.dataSource())
                .<List<Long>, RuntimeException>with(own -> ids(own, Search.of(Status.RUNNING, Status.COMPLETED)));

        assertThat(found).containsExactly(id);
    }

    @Test
    void views_areReadByARoleThatMayReadNothingElse() {
        long id = tables.add("state = 'waiting'");
        tables.add("state = 'failed'");
        step(id, 0, "charge", "{\"receipt\": \"r1\"}");
        failure(id, 0, 1, "no van");
        handle.begin();
        List<String> views = List.of(
                "operations",
                "unfinished",
                "steps",
                "failures",
                "counts",
                "failure_groups",
                "workers",
                "pauses",
                "audit");
        handle.execute("CREATE ROLE looker");
        handle.execute("GRANT USAGE ON SCHEMA backops TO looker");
        views.forEach(view -> handle.execute("GRANT SELECT ON backops." + view + " TO looker"));
        handle.execute("SET ROLE looker");

        for (String view : views) {
            handle.select("SELECT * FROM backops." + view).mapToMap().list();
        }
        assertThat(handle.select("SELECT reason FROM backops.operations WHERE id = ?", id)
                        .mapTo(String.class)
                        .one())
                .isEqualTo("no live worker knows operation orders.order");
        assertThat(handle.select("SELECT outputs ->> 'receipt' FROM backops.unfinished WHERE id = ?", id)
                        .mapTo(String.class)
                        .one())
                .isEqualTo("r1");
        assertThatThrownBy(() -> handle.select("SELECT id FROM backops.operation")
                        .mapTo(Long.class)
                        .list())
                .hasMessageContaining("permission denied for table operation");
        handle.rollback();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "null", "[]", "\"text\""})
    void operation_whoseParamsWereEdited_isShownAndHidesNoOther(String params) {
        List<Long> ids = tables.add(3);
        tables.execute("UPDATE backops.operation SET params = '" + params + "' WHERE id = " + ids.get(1));

        assertThat(ids(Search.all())).hasSize(3);
        assertThat(ids(Search.of(Status.READY))).hasSize(3);
        assertThat(find(ids.get(1)).context()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "null", "[1]", "\"text\""})
    void operation_whoseOutputsWereEdited_isShownAndHidesNoOther(String outputs) {
        List<Long> ids = tables.add(3);
        step(ids.get(1), 0, "charge", outputs);

        assertThat(ids(Search.all())).hasSize(3);
        assertThat(find(ids.get(1)).context()).containsOnlyKeys("number");
        assertThat(store.steps(handle, ids.get(1))).isNotEmpty();
    }

    private List<Long> ids(Search search) {
        return ids(handle, search);
    }

    private List<Long> ids(Handle own, Search search) {
        return store.list(own, search).stream().map(OperationInfo::id).toList();
    }

    private OperationInfo<Map<String, Object>> find(long id) {
        return store.find(handle, id).orElseThrow();
    }

    private long completed() {
        long id = tables.add();
        complete(id);
        return id;
    }

    private void complete(long id) {
        tables.execute("DELETE FROM backops.work WHERE operation_id = " + id);
        tables.execute("UPDATE backops.operation SET steps_done = 3, next_step = NULL, outcome = 'completed',"
                + " finished_at = now(), outputs = '{\"receipt\": \"r1\"}' WHERE id = " + id);
    }

    private void step(long id, int seq, String name, @Nullable String outputs) {
        tables.execute("INSERT INTO backops.step"
                + " (operation_id, seq, started_at, finished_at, worker, token, attempts, name, status, outputs)"
                + " VALUES (" + id + ", " + seq + ", now(), now() + interval '1.5 seconds', 1, 1, 4, '" + name
                + "', 'completed', "
                + (outputs == null ? "NULL" : "'" + outputs + "'") + ")");
    }

    private void failure(long id, int seq, int attempt, @Nullable String message) {
        tables.execute("INSERT INTO backops.failure (operation_id, failed_at, worker, seq, token, attempt, step,"
                + " error_class, message, frame, stack_trace) VALUES (" + id + ", now(), 7, " + seq + ", 1, " + attempt
                + ", '" + List.of("charge", "ship", "thank").get(seq) + "', 'x.Y', "
                + (message == null ? "NULL" : "'" + message + "'")
                + ", 'Shop.java:5', 'x.Y at Shop')");
    }
}
