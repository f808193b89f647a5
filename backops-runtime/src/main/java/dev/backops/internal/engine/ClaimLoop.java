package dev.backops.internal.engine;

import dev.backops.annotation.Priority;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.json.Json;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.OperationStore;
import dev.backops.internal.store.OperationStore.OperationRow;
import dev.backops.internal.store.OperationStore.StepRow;
import dev.backops.internal.store.WorkStore;
import dev.backops.internal.store.WorkStore.Claim;
import dev.backops.internal.store.WorkStore.Cursor;
import dev.backops.internal.store.WorkStore.Room;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jspecify.annotations.Nullable;

/**
 * Claims ready operations for this process, as many as it has room for.
 *
 * <p>Finding nothing it looks again after 4, 8, 16 … ms up to the poll interval, unless it is woken before. On the way it marks
 * its worker idle, so that others tell it of work, and looks once more for what came in between; a worker that is told looks
 * by itself five times more rarely. The mark stays for the first second of work, since most work is over by then.
 *
 * <p>Claims start where the last one ended; one that finds less than it wants, and one each second, starts at the beginning
 * again. While an old snapshot is open, the dead entries of all that was claimed meanwhile lie there. So looks from the
 * beginning take no more than a twentieth of the time: after one that took long, claims go on behind what was seen, from a
 * second before it was looked at, and the next look from the beginning comes by itself, twenty times as long later: at most
 * half a minute, and at most a second where the one before did not take long. That one finds what became ready behind the
 * others: what was rescued, given back or unpaused, is due since some time in the past, or was committed late.
 */
final class ClaimLoop {

    private static final Duration FIRST_WAIT = Duration.ofMillis(4);

    private static final int TOLD_POLL_FACTOR = 5;
    private static final long REWIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Looks from the beginning that take no longer come as often as they like. */
    private static final long CHEAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** So much longer each claimed operation may take a look. */
    private static final long CLAIM_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final int REST = 20;
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How much later than others that are due later an operation may be committed, and still be found at once. */
    private static final Duration LATE_COMMIT = Duration.ofSeconds(1);

    private final EngineSession session;
    private final WorkStore work;
    private final IdleMark idleMark;
    private final OperationStore operations;
    private final Registry registry;
    private final Lease lease;
    private final ReadyBuffer buffer;
    private final Duration pollInterval;
    private final BooleanSupplier told;
    private final Listener listener;
    private final LongSupplier nanoTime;

    /** Where to go on, in each priority of each queue; at the start where nothing is noted. */
    private final Map<Lane, Cursor> cursors = new HashMap<>();

    /** When to start at the beginning again. */
    private long rewindAt;

    /** Until then no look starts at the beginning, since the last one took long. */
    private long restUntil;

    /** Whether the last one did. */
    private boolean slow;

    private Duration wait = FIRST_WAIT;
    private boolean answerLost;

    private long lookAheadAt;

    /** Whose turn it is among queues that share threads. */
    private int turn;

    /** For whom the last look left something behind, so that room that comes free is worth another one. */
    private final Set<StepPool> hungry = ConcurrentHashMap.newKeySet();

    /** Whether somebody knows of new work. */
    private volatile boolean eager;

    ClaimLoop(
            EngineSession session,
            WorkStore work,
            IdleMark idleMark,
            OperationStore operations,
            Registry registry,
            Lease lease,
            ReadyBuffer buffer,
            Duration pollInterval,
            BooleanSupplier told,
            Listener listener,
            LongSupplier nanoTime) {
        this.session = session;
        this.work = work;
        this.idleMark = idleMark;
        this.operations = operations;
        this.registry = registry;
        this.lease = lease;
        this.buffer = buffer;
        this.pollInterval = pollInterval;
        this.told = told;
        this.listener = listener;
        this.nanoTime = nanoTime;
        hungry.addAll(buffer.pools());
        lookAheadAt = nanoTime.getAsLong();
        restUntil = lookAheadAt;
        rewind();
    }

    /** Tells it, before a wake-up, that there is new work. */
    void expectWork() {
        eager = true;
    }

    /** Whether room that came free is worth a wake-up. */
    boolean wantsMore() {
        return hungry.stream().anyMatch(pool -> pool.room() > 0);
    }

    /** Claims once; returns how long to wait for the next time. */
    Duration runOnce() {
        if (eager) {
            eager = false;
            wait = FIRST_WAIT;
        }
        long worker = lease.worker();
        Map<StepPool, Integer> rooms = rooms();
        if (rooms.isEmpty() || registry.definitions().isEmpty() || !lease.held(worker)) {
            hungry.addAll(buffer.pools());
            return pollInterval;
        }
        if (answerLost) {
            giveBack(handle -> work.giveBackOthers(handle, worker, buffer.inHand(worker)));
            answerLost = false;
            rewind();
        }
        if (nanoTime.getAsLong() - rewindAt > 0) {
            rewind();
        }
        boolean wholeScan = cursors.keySet().stream().noneMatch(lane -> rooms.containsKey(poolOf(lane.queue())));
        Map<StepPool, Integer> found = claim(worker, rooms);
        if (!found.isEmpty()) {
            idleMark.clearAfterAWhile(worker);
        }
        // Those that were full before are as hungry as those that are now.
        hungry.addAll(buffer.pools());
        rooms.forEach((pool, room) -> {
            if (found.getOrDefault(pool, 0) < room) {
                hungry.remove(pool);
                if (!resting()) {
                    cursors.keySet().removeIf(lane -> pool.equals(poolOf(lane.queue())));
                }
            }
        });
        if (rooms.keySet().stream().anyMatch(hungry::contains) || (!wholeScan && !resting())) {
            return Duration.ZERO;
        }
        if (found.isEmpty() && told.getAsBoolean() && idleMark.setBefore(wait, worker)) {
            // What was committed before somebody could see the mark.
            lookAheadAt = nanoTime.getAsLong();
            if (!resting()) {
                rewind();
            }
            return Duration.ZERO;
        }
        Duration pause = backOff(!found.isEmpty());
        if (wholeScan) {
            return pause;
        }
        rewindAt = restUntil;
        return shorter(pause, Duration.ofNanos(Math.max(0, restUntil - nanoTime.getAsLong()) + 1));
    }

    /** Whether it is too early to look from the beginning. */
    private boolean resting() {
        return restUntil - nanoTime.getAsLong() > 0;
    }

    /** Those who have room, and how much. */
    private Map<StepPool, Integer> rooms() {
        Map<StepPool, Integer> rooms = new LinkedHashMap<>();
        for (StepPool pool : buffer.pools()) {
            int room = pool.room();
            if (room > 0) {
                rooms.put(pool, room);
            }
        }
        return rooms;
    }

    private @Nullable StepPool poolOf(String queue) {
        return buffer.pool(queue).orElse(null);
    }

    private Duration backOff(boolean found) {
        Duration longest = told.getAsBoolean() ? pollInterval.multipliedBy(TOLD_POLL_FACTOR) : pollInterval;
        Duration now = found ? FIRST_WAIT : shorter(wait, longest);
        wait = shorter(now.multipliedBy(2), longest);
        return now.equals(longest) ? LoopThread.jittered(now) : now;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void rewind() {
        cursors.clear();
        rewindAt = nanoTime.getAsLong() + REWIND_NANOS;
    }

    /** Notes how long a look took that in some lane started at the beginning. A single long one may be chance. */
    private void rest(long took) {
        boolean again = slow;
        slow = took > CHEAP_NANOS;
        if (!slow) {
            return;
        }
        restUntil = nanoTime.getAsLong() + Math.min(restAfter(took), again ? LONGEST_REST_NANOS : REWIND_NANOS);
        rewindAt = restUntil + Math.max(rewindAt - restUntil, 0);
    }

    private static long restAfter(long took) {
        return Math.min(REST * took, LONGEST_REST_NANOS);
    }

    /** Claims for those who have room; returns how many each of them got. */
    private Map<StepPool, Integer> claim(long worker, Map<StepPool, Integer> rooms) {
        List<Claimed> claimed;
        try {
            List<Room> wanted = wanted(rooms);
            Look look = session.useKeptPlans(handle -> handle.inTransaction(transaction -> {
                lookAhead(transaction);
                return look(transaction, worker, wanted);
            }));
            claimed = look.claimed();
            claimed.forEach(one -> take(one, worker));
            look.goOn().forEach(this::goOn);
        } catch (RuntimeException | Error e) {
            // Perhaps the commit took place and only its answer was lost, or some of what it took could not be passed
            // on.
            answerLost = true;
            throw e;
        }
        Map<StepPool, Integer> found = new HashMap<>();
        for (Claimed one : claimed) {
            buffer.pool(one.claim().cursor().queue()).ifPresent(pool -> found.merge(pool, 1, Integer::sum));
        }
        return found;
    }

    /** Once a second, or a look: nobody else may know of what other processes have scheduled. */
    private void lookAhead(Handle handle) {
        long start = nanoTime.getAsLong();
        if (start - lookAheadAt >= 0) {
            work.untilNextDue(handle).ifPresent(listener::nextDueIn);
            long end = nanoTime.getAsLong();
            lookAheadAt = end + Math.max(REWIND_NANOS, restAfter(end - start));
        }
    }

    /** Urgent ones first, from whatever queue; among equals another queue comes first each time. */
    private List<Room> wanted(Map<StepPool, Integer> rooms) {
        turn++;
        List<Room> wanted = new ArrayList<>();
        rooms.forEach((pool, size) -> {
            List<String> queues = new ArrayList<>(registry.queues().stream()
                    .filter(queue -> pool.equals(poolOf(queue)))
                    .toList());
            Collections.rotate(queues, turn);
            List<Cursor> from = new ArrayList<>();
            for (Priority priority : Priority.values()) {
                for (String queue : queues) {
                    Lane lane = new Lane(queue, priority.rank());
                    from.add(cursors.getOrDefault(lane, Cursor.start(queue, priority.rank())));
                }
            }
            wanted.add(new Room(from, size));
        });
        return wanted;
    }

    private Look look(Handle handle, long worker, List<Room> rooms) {
        long start = nanoTime.getAsLong();
        List<Claim> claims =
                work.claim(handle, worker, registry.definitions(), rooms, buffer.roomForSuspects()).stream()
                        .sorted((one, other) -> one.cursor().compareTo(other.cursor()))
                        .toList();
        if (rooms.stream().anyMatch(room -> walked(room, claims).stream().anyMatch(Cursor::isStart))) {
            rest(nanoTime.getAsLong() - start - CLAIM_NANOS * claims.size());
        }
        return new Look(read(handle, claims), resting() ? seen(handle, rooms, claims) : List.of());
    }

    /** Where to go on in the lanes that a look has seen to their end. */
    private List<Cursor> seen(Handle handle, List<Room> rooms, List<Claim> claims) {
        OffsetDateTime time = work.now(handle).minus(LATE_COMMIT);
        return rooms.stream()
                .flatMap(room -> room.from().subList(0, ended(room, claims)).stream())
                .map(cursor -> new Cursor(cursor.queue(), cursor.priority(), time, 0))
                .toList();
    }

    /** Where a look started in the lanes that it came to: those behind the one that filled the room were left alone. */
    private static List<Cursor> walked(Room room, List<Claim> claims) {
        return room.from()
                .subList(0, Math.min(ended(room, claims) + 1, room.from().size()));
    }

    /** How many lanes a look saw to their end: all if they did not fill the room, or else those before the last it took from. */
    private static int ended(Room room, List<Claim> claims) {
        List<Lane> lanes = room.from().stream().map(Lane::of).toList();
        List<Claim> found = claims.stream()
                .filter(claim -> lanes.contains(Lane.of(claim.cursor())))
                .toList();
        return found.size() < room.size()
                ? lanes.size()
                : found.stream()
                        .filter(claim -> !claim.isSuspect())
                        .mapToInt(claim -> lanes.indexOf(Lane.of(claim.cursor())))
                        .max()
                        .orElse(0);
    }

    private void goOn(Cursor cursor) {
        cursors.put(Lane.of(cursor), cursor);
    }

    private List<Claimed> read(Handle handle, List<Claim> claims) {
        if (claims.isEmpty()) {
            return List.of();
        }
        List<Long> ids = claims.stream().map(Claim::operationId).toList();
        Map<Long, OperationRow> rows = operations.readClaimed(handle, ids).stream()
                .collect(Collectors.toMap(OperationRow::id, Function.identity()));
        List<Long> started = rows.values().stream()
                .filter(row -> row.stepsDone() > 0)
                .map(OperationRow::id)
                .toList();
        Map<Long, List<StepRow>> steps = started.isEmpty()
                ? Map.of()
                : operations.readSteps(handle, started).stream().collect(Collectors.groupingBy(StepRow::operationId));
        List<Claimed> claimed = new ArrayList<>();
        for (Claim claim : claims) {
            long id = claim.operationId();
            claimed.add(new Claimed(claim, rows.get(id), steps.getOrDefault(id, List.of())));
        }
        return claimed;
    }

    private void take(Claimed claimed, long worker) {
        Claim claim = claimed.claim();
        if (!claim.isSuspect()) {
            // Suspects come from another index, and say nothing of what lies before the others.
            goOn(claim.cursor());
        }
        StoredDefinition definition = registry.definition(claim.definition());
        if (!buffer.admit(claim.operationId(), worker, claim.cursor().queue())) {
            // Its last step still runs here, under a lease that was lost.
            giveBack(handle -> work.postpone(handle, worker, claim.operationId(), claim.token()));
            listener.nextDueIn(WorkStore.POSTPONEMENT);
            return;
        }
        if (claim.isSuspect()) {
            buffer.suspect(claim.operationId());
        }
        try {
            listener.claimed(execution(claimed, definition, worker));
        } catch (UnusableRowException e) {
            listener.unusable(withoutValues(claimed, definition, worker), e.getMessage());
        } catch (RuntimeException | Error e) {
            // Nobody runs it, so it goes back with all else that could not be passed on.
            buffer.release(claim.operationId());
            throw e;
        }
    }

    /** In a transaction: nobody may have it between the statement that gives it back and the one that obeys its wish. */
    private void giveBack(HandleCallback<List<Long>, RuntimeException> way) {
        listener.cancelled(session.use(handle -> handle.inTransaction(way)));
    }

    private static Execution execution(Claimed claimed, StoredDefinition definition, long worker)
            throws UnusableRowException {
        OperationRow row = claimed.row();
        if (row == null) {
            throw new UnusableRowException("The row of the operation is gone");
        }
        if (row.definition() != claimed.claim().definition()) {
            throw new UnusableRowException("Its definition is " + row.definition() + ", but that of its work is "
                    + claimed.claim().definition());
        }
        String next = row.nextStep() == null ? null : definition.names().place(row.nextStep());
        if (next == null || !definition.flow().steps().contains(next)) {
            throw new UnusableRowException("The next step is not one of its definition: " + row.nextStep());
        }
        Claim claim = claimed.claim();
        try {
            return new Execution(
                    claim.operationId(),
                    worker,
                    claim.token(),
                    definition,
                    definition.step(next),
                    row.stepsDone(),
                    claim.attempts(),
                    definition.params(Json.readObject(row.params())),
                    definition.names().today(merged(claimed.steps())),
                    lastMain(claimed.steps(), definition),
                    past(claimed.steps(), definition.names()),
                    row.compensating());
        } catch (IllegalArgumentException e) {
            throw new UnusableRowException("The stored params or outputs are not a JSON object");
        }
    }

    /** Enough of a claimed operation to record that it cannot be run. */
    private static Execution withoutValues(Claimed claimed, StoredDefinition definition, long worker) {
        Claim claim = claimed.claim();
        OperationRow row = claimed.row();
        String step = row == null || row.nextStep() == null ? "(none)" : row.nextStep();
        return new Execution(
                claim.operationId(),
                worker,
                claim.token(),
                definition,
                StepDefinition.named(step),
                row == null ? 0 : row.stepsDone(),
                claim.attempts(),
                Map.of(),
                Map.of(),
                null,
                null,
                /* compensating= */ false);
    }

    /** The outputs of steps in their order: later ones replace earlier ones, and null unsets. */
    private static Map<String, Object> merged(List<StepRow> rows) {
        Map<String, Object> merged = new LinkedHashMap<>();
        for (StepRow row : rows) {
            if (row.outputs() != null) {
                merged.putAll(Json.readObject(row.outputs()));
            }
        }
        merged.values().removeIf(Objects::isNull);
        return merged;
    }

    private static @Nullable String lastMain(List<StepRow> rows, StoredDefinition definition) {
        String last = null;
        for (StepRow row : rows) {
            String name = definition.names().place(row.name());
            if (!row.status().equals("failed")
                    && definition.flow().steps().contains(name)
                    && definition.flow().isMain(name)) {
                last = name;
            }
        }
        return last;
    }

    private static @Nullable PastStep past(List<StepRow> rows, StoredNames names) {
        PastStep past = null;
        for (StepRow row : rows) {
            past = new PastStep(row.seq(), names.place(row.name()), past);
        }
        return past;
    }

    /** Who hears what the loop found. */
    interface Listener {

        /** An operation is in hand and ready. */
        void claimed(Execution execution);

        /** An operation is in hand whose row was edited to something that cannot be run. */
        void unusable(Execution execution, String reason);

        /** Operations were given back and are cancelled, as somebody wanted. */
        void cancelled(List<Long> ids);

        /** The next scheduled operation is due in this long. */
        void nextDueIn(Duration delay);
    }

    /** The operations of one queue and priority. */
    private record Lane(String queue, int priority) {

        static Lane of(Cursor cursor) {
            return new Lane(cursor.queue(), cursor.priority());
        }
    }

    /** What a look brought, and where to go on in other lanes than those of the last claims. */
    private record Look(List<Claimed> claimed, List<Cursor> goOn) {}

    /** A claim with what else is known of its operation; no row where somebody deleted it by hand. */
    private record Claimed(Claim claim, @Nullable OperationRow row, List<StepRow> steps) {}

    /** A row that was edited to something that cannot be run. */
    private static final class UnusableRowException extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableRowException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
