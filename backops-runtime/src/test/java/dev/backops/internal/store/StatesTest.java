package dev.backops.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.Status;
import dev.backops.internal.store.JournalStore.Attempt;
import dev.backops.internal.store.JournalStore.AttemptKey;
import dev.backops.internal.store.JournalStore.FailedRow;
import dev.backops.internal.store.JournalStore.FinishedRow;
import dev.backops.internal.store.JournalStore.Next;
import dev.backops.internal.store.RepairStore.Act;
import dev.backops.internal.store.RepairStore.By;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Room;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Walks from every status by everything that can happen, and compares the ways it met with those that are drawn. */
class StatesTest {

    private static final long ME = 7;

    /** How each status looks in {@code work}; those that are over are made by what ends an operation. */
    private static final List<String> BEGINNINGS = List.of(
            "state = 'ready'",
            "state = 'ready', attempts = 1",
            "state = 'waiting'",
            "state = 'waiting', attempts = 1",
            "state = 'scheduled', run_at = now() - interval '1 second'",
            "state = 'scheduled', run_at = now() + interval '1 hour'",
            "state = 'scheduled', attempts = 1, run_at = now() - interval '1 second'",
            "state = 'running', worker = 7, token = 1",
            "state = 'running', worker = 7, token = 1, attempts = 1",
            "state = 'running', worker = 7, token = 1, wanted = 'pause'",
            "state = 'running', worker = 7, token = 1, wanted = 'cancel'",
            "state = 'running', worker = 7, token = 1, crashes = 100",
            "state = 'failed', attempts = 3",
            "state = 'paused'",
            "state = 'paused', run_at = now() + interval '1 hour'",
            "state = 'paused', attempts = 1");

    /** Where an operation can stand; its last step needs and sets nothing. */
    private static final List<String> PLACES = List.of(
            "next_step = 'charge'",
            "next_step = 'thank', steps_done = 2",
            "next_step = 'thank', steps_done = 2, compensating = true");

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    private final Tables tables = new Tables(testDatabase);
    private final Stores stores = Tables.STORES;

    @Test
    void everyWayThatCanBeWalked_isDrawn_andEveryOneThatIsDrawnCanBeWalked() throws Exception {
        tables.worker(ME);
        Set<String> walked = new TreeSet<>(Set.of("[*] --> ready", "[*] --> scheduled"));
        List<BiConsumer<Handle, Long>> events = events();
        for (String place : PLACES) {
            for (String beginning : BEGINNINGS) {
                events.forEach(event -> walk(tables.add(beginning), place, event, walked));
            }
            for (String end : List.of("cancel", "skip")) {
                events.forEach(event -> walk(ended(place, end), place, event, walked));
            }
        }
        walked.addAll(Set.of("completed --> [*]", "compensated --> [*]", "cancelled --> [*]"));

        assertThat(walked).isEqualTo(drawn());
    }

    /** Notes the way from a status to another one, if what happens changes anything. */
    private void walk(long id, String place, BiConsumer<Handle, Long> event, Set<String> walked) {
        if (status(id) == null) {
            return;
        }
        if (tables.number("SELECT count(*) FROM backops.operation WHERE outcome IS NULL AND id = " + id) > 0) {
            tables.execute("UPDATE backops.operation SET " + place + " WHERE id = " + id);
        }
        String from = status(id);
        String before = rows(id);
        tables.database().inTransaction(handle -> {
            event.accept(handle, id);
            return id;
        });
        if (!before.equals(rows(id))) {
            walked.add(from + " --> " + status(id));
        }
        tables.execute("DELETE FROM backops.work WHERE operation_id = " + id);
    }

    private long ended(String place, String act) {
        long id = tables.add();
        tables.execute("UPDATE backops.operation SET " + place + " WHERE id = " + id);
        tables.database().inTransaction(handle -> {
            repair(handle, id, act);
            return id;
        });
        return id;
    }

    private List<BiConsumer<Handle, Long>> events() {
        List<BiConsumer<Handle, Long>> events = new ArrayList<>();
        for (String act : List.of("resume", "cancel", "pause", "unpause", "retry_from", "jump_to", "skip")) {
            events.add((handle, id) -> repair(handle, id, act));
        }
        WorkStore work = stores.work();
        Room room = new Room(List.of(Cursor.start("default", 1), Cursor.start("default", 2)), 10);
        int definition = tables.definition();
        events.add((handle, id) -> work.claim(handle, ME, List.of(definition), List.of(room), 1));
        events.add((handle, id) -> work.makeDueReady(handle, 10));
        events.add((handle, id) -> work.park(handle, List.of(definition), 10));
        events.add((handle, id) -> work.unpark(handle, List.of(definition), 10));
        events.add((handle, id) -> work.giveBack(handle, ME, List.of(id), List.of(1)));
        events.add((handle, id) -> work.giveBackOthers(handle, ME, List.of()));
        events.add((handle, id) -> work.postpone(handle, ME, id, 1));
        events.add((handle, id) -> work.rescue(handle, List.of(ME), 10));
        JournalStore journal = stores.journal();
        events.add((handle, id) -> finish(handle, id, new Next("thank", 0, null), null));
        events.add((handle, id) -> finish(handle, id, new Next("thank", 3_600_000_000L, null), null));
        events.add((handle, id) -> finish(handle, id, null, "completed"));
        events.add((handle, id) -> finish(handle, id, null, "compensated"));
        for (Long retryIn : new Long[] {null, 0L, 3_600_000_000L}) {
            events.add((handle, id) -> journal.recordFailed(
                    handle, ME, List.of(new FailedRow(attempt(id), retryIn, "x.Y", null, null, "x.Y"))));
        }
        return events;
    }

    private void repair(Handle handle, long id, String act) {
        String step = tables.text("SELECT next_step FROM backops.operation WHERE id = " + id);
        String outputs = "charge".equals(step) ? "{\"receipt\": \"r\"}" : "{}";
        stores.repairs()
                .repairAll(
                        handle,
                        new Act(act, String.valueOf(step), outputs, /* atOnce= */ false),
                        List.of(id),
                        By.NOBODY_NAMED);
    }

    private void finish(Handle handle, long id, @Nullable Next next, @Nullable String outcome) {
        FinishedRow row = new FinishedRow(
                attempt(id),
                "completed",
                next,
                /* compensating= */ false,
                outcome,
                null,
                outcome == null ? null : "{}",
                1,
                1);
        stores.journal().recordFinished(handle, ME, List.of(row));
    }

    private Attempt attempt(long id) {
        int seq = (int) tables.number("SELECT steps_done FROM backops.operation WHERE id = " + id);
        return new Attempt(new AttemptKey(id, 1, seq), "charge", 1);
    }

    private @Nullable String status(long id) {
        return tables.text("SELECT status FROM backops.operations WHERE id = " + id);
    }

    private String rows(long id) {
        return tables.rows("SELECT o::text, w::text FROM backops.operation o"
                        + " LEFT JOIN backops.work w ON w.operation_id = o.id WHERE o.id = " + id)
                .toString();
    }

    private static Set<String> drawn() throws Exception {
        String text = Files.readString(Path.of("..", "docs", "states.md"));
        Matcher arrow = Pattern.compile("^ +(\\S+) --> (\\w+|\\[\\*])", Pattern.MULTILINE)
                .matcher(text);
        Set<String> drawn = new TreeSet<>();
        while (arrow.find()) {
            assertThat(drawn.add(arrow.group(1) + " --> " + arrow.group(2)))
                    .as(arrow.group())
                    .isTrue();
            for (int side = 1; side <= 2; side++) {
                if (!arrow.group(side).equals("[*]")) {
                    assertThat(Status.ofSql(arrow.group(side))).isNotNull();
                }
            }
        }
        return drawn;
    }
}
