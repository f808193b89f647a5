package dev.backops.chaos;

import dev.backops.chaos.RunLog.Run;
import dev.backops.testkit.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what is stored with what steps and clients said. */
final class Judge {

    /**
     * A process that was stopped between its last look at the lease and the first word of the step says so late: nobody can
     * close that gap, and it is no fault.
     */
    private static final Duration ON_ITS_WAY = Duration.ofMillis(500);

    private final Sql sql;
    private final RunLog log;
    private final Map<Long, Stored> operations = new TreeMap<>();
    private final Map<String, Instant> records = new HashMap<>();

    Judge(Sql sql, RunLog log) {
        this.sql = sql;
        this.log = log;
        sql.each("""
                SELECT o.id, concat_ws(' ', o.outcome,
                    (SELECT string_agg(s.name || CASE WHEN s.attempts > 1 AND s.name <> 'book' THEN s.attempts::text ELSE '' END,
                       ' ' ORDER BY s.seq) FROM backops.step s WHERE s.operation_id = o.id)),
                  (SELECT count(*) FROM public.effect e WHERE e.operation = o.id)
                FROM backops.operation o
                """, row -> operations.put(row.getLong(1), new Stored(row.getString(2), row.getLong(3))));
        sql.each(
                "SELECT operation_id, name, finished_at FROM backops.step",
                row -> records.put(
                        row.getLong(1) + row.getString(2), row.getTimestamp(3).toInstant()));
    }

    /** Takes the times at which processes died, and at which they went on after they had been stopped, by their pids. */
    Verdict verdict(Map<Long, Instant> deaths, Map<Long, Set<Instant>> thaws) {
        Leases leases = new Leases(sql);
        List<Run> runs = log.runs();
        return new Verdict(
                operations.size(),
                lost(),
                repeated(runs, thaws),
                doubled(),
                together(runs, leases),
                deaths.entrySet().stream()
                        .map(death -> leases.rescue(death.getKey(), death.getValue()))
                        .flatMap(Optional::stream)
                        .toList());
    }

    private Set<Long> lost() {
        Set<Long> cancelled = log.cancelled();
        Set<Long> lost = new TreeSet<>(log.acknowledged());
        lost.removeAll(operations.keySet());
        // The cancelled ones are deleted at once.
        lost.removeAll(cancelled);
        operations.forEach((id, stored) -> {
            boolean wasCancelled = cancelled.contains(id) && stored.end().startsWith("cancelled");
            boolean half = stored.end().contains(" book") == (stored.effects() == 0);
            if (half || !(wasCancelled || stored.end().equals(Transfer.end(id)))) {
                lost.add(id);
            }
        });
        return lost;
    }

    private Set<Long> repeated(List<Run> runs, Map<Long, Set<Instant>> thaws) {
        Set<Long> repeated = new TreeSet<>();
        for (Run run : runs) {
            Instant end = records.get(run.operation() + run.step());
            if (end != null && run.begin().isAfter(end) && !wasOnItsWay(run, thaws.getOrDefault(run.pid(), Set.of()))) {
                repeated.add(run.operation());
            }
        }
        return repeated;
    }

    private static boolean wasOnItsWay(Run run, Set<Instant> thaws) {
        return thaws.stream()
                .anyMatch(thaw -> !run.begin().isBefore(thaw) && run.begin().isBefore(thaw.plus(ON_ITS_WAY)));
    }

    private Set<Long> doubled() {
        Set<Long> doubled = new TreeSet<>();
        operations.forEach((id, stored) -> {
            if (stored.effects() > 1) {
                doubled.add(id);
            }
        });
        return doubled;
    }

    private static Set<Long> together(List<Run> runs, Leases leases) {
        Set<Long> together = new HashSet<>();
        for (int i = 1; i < runs.size(); i++) {
            Run second = runs.get(i);
            for (int j = i - 1; j >= 0 && runs.get(j).operation() == second.operation(); j--) {
                Run first = runs.get(j);
                if (first.isOnAt(second.begin())
                        && leases.held(first.pid(), first.begin(), second.begin())
                        && leases.held(second.pid(), second.begin(), second.begin())) {
                    together.add(second.operation());
                }
            }
        }
        return together;
    }

    /** Everything that is known of an operation, for reading. */
    String file(long id) {
        StringBuilder file = new StringBuilder("operation " + id + "\n");
        for (String table : List.of("operation", "work", "step", "failure")) {
            String key = table.equals("operation") ? "id" : "operation_id";
            sql.texts("SELECT row_to_json(t)::text FROM backops." + table + " t WHERE " + key + " = ?", id)
                    .forEach(row -> file.append("  ")
                            .append(table)
                            .append(' ')
                            .append(row)
                            .append('\n'));
        }
        log.runs().stream()
                .filter(run -> run.operation() == id)
                .forEach(run -> file.append("  ").append(run).append('\n'));
        return file.toString();
    }

    /**
     * What is stored of an operation.
     *
     * @param end its outcome, and the steps that are recorded, with their attempts where there were several. Those of the
     *     transactional step may be any: a database that is away takes its statements with it
     * @param effects how often its transactional step took effect
     */
    private record Stored(String end, long effects) {}
}
