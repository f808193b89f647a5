package dev.backops.chaos;

import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The statements that processes were seen to send, from their start to their end. Each comes in turn: one process is killed
 * before the database gets it, and another one before it gets the answer.
 */
final class CrashPoints {

    private static final int VICTIMS = 4;

    /** How often a statement is let pass before a process dies of it, at most. */
    private static final int MOST_SKIPPED = 20;

    /** How long a process lives that nobody kills; long enough to take operations from those who died. */
    private static final Duration LIFE = Duration.ofMillis(6_500);

    /** While no statement is known, processes die at one of so many first ones. */
    private static final int FIRST_STATEMENTS = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SHOWN = 120;

    /** Guarded by this, as are the others. How many processes were to die at each point: not everyone gets there. */
    private final Map<Point, Integer> tries = new LinkedHashMap<>();

    private final Set<Point> diedAt = new HashSet<>();

    /** Runs some processes through their lives; returns how many were killed. */
    int strike(Site site) throws Exception {
        List<Victim> victims = new ArrayList<>();
        for (Point point : next(VICTIMS, site.random())) {
            victims.add(new Victim(site, point, isNew(point) ? 0 : site.random().nextInt(MOST_SKIPPED)));
        }
        while (victims.size() < VICTIMS) {
            victims.add(new Victim(site, null, site.random().nextInt(FIRST_STATEMENTS)));
        }
        for (Victim victim : victims) {
            Awaitility.await().atMost(PATIENCE).until(victim::hasStartedOrEnded);
        }
        Instant end = Instant.now().plus(LIFE);
        site.isTrueInTime(() -> Instant.now().isAfter(end) || victims.stream().allMatch(Victim::wasKilled));
        for (Victim victim : victims) {
            victim.end(site);
        }
        site.history().note(state());
        return (int) victims.stream().filter(Victim::wasKilled).count();
    }

    private synchronized String state() {
        return "crash points " + tries.size() + ", died at " + diedAt.size();
    }

    private synchronized boolean isNew(Point point) {
        return !diedAt.contains(point);
    }

    private synchronized void died(Point point) {
        diedAt.add(point);
    }

    private synchronized void seen(String statement) {
        tries.putIfAbsent(new Point(statement, /* answered= */ false), 0);
        tries.putIfAbsent(new Point(statement, /* answered= */ true), 0);
    }

    /** Those that were tried least, in random order among equals. */
    private synchronized List<Point> next(int count, Random random) {
        List<Point> points = new ArrayList<>(tries.keySet());
        Collections.shuffle(points, random);
        List<Point> next = points.stream()
                .sorted(Comparator.comparing(point -> tries.getOrDefault(point, 0)))
                .limit(count)
                .toList();
        next.forEach(point -> tries.merge(point, 1, Integer::sum));
        return next;
    }

    /** A moment in the life of a process: before it sends statements, or before it hears of their answer. */
    private record Point(String statement, boolean answered) {

        @Override
        public String toString() {
            return (answered ? "after " : "before ")
                    + (statement.length() > SHOWN ? statement.substring(0, SHOWN) + " ..." : statement);
        }
    }

    /** A process that is to be killed, behind a network of its own, which sees what it says. */
    private final class Victim implements TcpProxy.Listener {

        /** Where it is to die; null for anywhere. Guarded by this, as are the others. */
        private @Nullable Point point;

        private final TcpProxy network;
        private final Worker worker;

        private int skipped;
        private @Nullable Instant killedAt;

        Victim(Site site, @Nullable Point point, int skipped) {
            this.point = point;
            this.skipped = skipped;
            network = site.server(SingleServer.class).anotherNetwork();
            worker = site.start(network.jdbcUrl(), ChaosWorker.BUSY);
            network.tell(this);
        }

        @Override
        public boolean asked(String statement) {
            seen(statement);
            return !isKilledAt(statement, /* answered= */ false);
        }

        @Override
        public boolean answered(String statement) {
            return !isKilledAt(statement, /* answered= */ true);
        }

        private synchronized boolean isKilledAt(String statement, boolean answered) {
            Point here = new Point(statement, answered);
            if (killedAt == null && (point == null || point.equals(here)) && skipped-- == 0) {
                worker.strike();
                killedAt = Instant.now();
                point = here;
            }
            // Nobody hears from the dead.
            return killedAt != null;
        }

        synchronized boolean wasKilled() {
            return killedAt != null;
        }

        boolean hasStartedOrEnded() {
            return worker.hasStarted() || !worker.isAlive();
        }

        void end(Site site) throws Exception {
            worker.endInput();
            Awaitility.await().atMost(PATIENCE).until(() -> !worker.isAlive());
            int result = worker.awaitEnd();
            network.close();
            synchronized (this) {
                if (killedAt != null && point != null) {
                    died(point);
                    site.died(worker, killedAt);
                    site.history().note("killed " + worker.pid() + " " + point);
                } else if (result != 0) {
                    throw new IllegalStateException("Worker " + worker.pid() + " ended by itself:\n" + worker.said());
                }
            }
        }
    }
}
