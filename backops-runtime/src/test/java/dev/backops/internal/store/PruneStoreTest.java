package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.Status;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PruneStoreTest {

    private static final Duration AGE = Duration.ofHours(1);

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);

    @Test
    void prune_takesNoMoreThanTheLimit_theOldestFirst() {
        List<Long> ids = tables.add(2_500);
        end(Status.COMPLETED, "now() - interval '1 day' + id * interval '1 millisecond'");

        assertThat(prune(Status.COMPLETED)).isEqualTo(1_000);
        assertThat(operations()).isEqualTo(ids.subList(1_000, 2_500));
        assertThat(prune(Status.COMPLETED)).isEqualTo(1_000);
        assertThat(prune(Status.COMPLETED)).isEqualTo(500);
        assertThat(prune(Status.COMPLETED)).isZero();
    }

    @Test
    void prune_leavesWhatSomebodyHasLockedForTheNextTime() {
        List<Long> ids = tables.add(3);
        end(Status.COMPLETED, "now() - interval '1 day'");
        try (Handle other = tables.open()) {
            other.begin();
            other.execute("SELECT FROM backops.operation WHERE id = ? FOR UPDATE", ids.get(1));

            assertThat(prune(Status.COMPLETED)).isEqualTo(2);
            assertThat(operations()).containsExactly(ids.get(1));
            other.rollback();
        }

        assertThat(prune(Status.COMPLETED)).isEqualTo(1);
    }

    @Test
    void prune_takesEveryRowOfTheOperationAndNoneOfAnother() {
        long old = tables.add();
        long young = tables.add();
        for (long id : List.of(old, young)) {
            tables.work(id, "state = 'cancelled'");
            tables.execute("INSERT INTO backops.step"
                    + " (operation_id, started_at, finished_at, worker, seq, token, attempts, name, status)"
                    + " VALUES (" + id + ", now(), now(), 7, 0, 1, 1, 'charge', 'completed')");
            tables.execute("INSERT INTO backops.failure"
                    + " (operation_id, failed_at, worker, seq, token, attempt, step, error_class, stack_trace)"
                    + " VALUES (" + id + ", now(), 7, 1, 1, 1, 'ship', 'x.Y', 'x.Y at Z')");
            tables.execute("INSERT INTO backops.audit (operation_id, act, who, before, after) VALUES (" + id
                    + ", 'cancel', 'ann', '{}', '{}')");
        }
        tables.execute("UPDATE backops.operation SET created_at = now() - interval '1 day', outcome = 'cancelled',"
                + " finished_at = now() - CASE WHEN id = " + old
                + " THEN interval '1 day' ELSE interval '1 second' END");

        assertThat(prune(Status.CANCELLED)).isEqualTo(1);

        assertThat(operations()).containsExactly(young);
        for (String table : List.of("work", "step", "failure", "audit")) {
            assertThat(tables.numbers("SELECT operation_id FROM backops." + table + " WHERE operation_id IN (" + old
                            + ", " + young + ")"))
                    .as(table)
                    .containsExactly(young);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "COMPENSATED", "CANCELLED"})
    void prune_takesWhatEndedSoLongerAgoThanTheAge(Status outcome) {
        List<Long> ids = tables.add(2);

        int pruned = tables.database().inTransaction(handle -> {
            // Times of this transaction, in which now() stands still: the one ended just then, the other just before.
            handle.execute(ended(
                    outcome,
                    "now() - interval '1 hour' - CASE WHEN id = " + ids.get(1)
                            + " THEN interval '1 microsecond' ELSE interval '0' END"));
            Stream.of(Status.COMPLETED, Status.COMPENSATED, Status.CANCELLED)
                    .filter(other -> other != outcome)
                    .forEach(other -> assertThat(Tables.STORES.prunes().prune(handle, other, AGE, 1_000))
                            .isZero());
            return Tables.STORES.prunes().prune(handle, outcome, AGE, 1_000);
        });

        assertThat(pruned).isEqualTo(1);
        assertThat(operations()).containsExactly(ids.get(0));
    }

    @Test
    void prune_takesNothingThatHasNotEnded() {
        List<Long> ids = tables.add(2);
        tables.work(ids.get(0), "state = 'failed'");
        tables.execute("UPDATE backops.operation SET created_at = now() - interval '1 year'");

        for (Status status : Status.values()) {
            assertThat(prune(status)).as(status.sql()).isZero();
        }
        assertThat(operations()).isEqualTo(ids);
    }

    private int prune(Status outcome) {
        return tables.database().inTransaction(handle -> Tables.STORES.prunes().prune(handle, outcome, AGE, 1_000));
    }

    /** Ends all operations. */
    private void end(Status outcome, String at) {
        tables.execute("DELETE FROM backops.work");
        tables.execute(ended(outcome, at));
    }

    private static String ended(Status outcome, String at) {
        return "UPDATE backops.operation SET next_step = NULL, outcome = '" + outcome.sql() + "', created_at = " + at
                + ", finished_at = " + at;
    }

    private List<Long> operations() {
        return tables.numbers("SELECT id FROM backops.operation ORDER BY id");
    }
}
