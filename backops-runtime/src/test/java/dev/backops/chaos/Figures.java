package dev.backops.chaos;

import dev.backops.testkit.Sql;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What could grow: of this process, and of the database.
 *
 * @param heap what this process needs of its heap, in bytes
 * @param threads the threads of this process
 * @param connections those of all processes
 * @param rows in all tables of BackOps
 * @param dead rows of them that no vacuum has cleared away yet
 * @param tables the bytes of the tables, with their indexes
 * @param wal the bytes of the log that the server keeps
 * @param written the bytes of the log that it has ever written
 */
record Figures(long heap, long threads, long connections, long rows, long dead, long tables, long wal, long written) {

    private static final long MEGABYTE = 1 << 20;

    /** Of a process and a database at rest. */
    static Figures now(Sql sql) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            // More than one, so that what is reachable from finalizers and caches goes too.
            System.gc();
            Thread.sleep(100);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long rows = 0;
        for (String table : sql.texts("SELECT tablename FROM pg_tables WHERE schemaname = 'backops'")) {
            rows += sql.number("SELECT count(*) FROM backops." + table);
        }
        return new Figures(
                heap,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                sql.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"),
                rows,
                sql.number("SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE schemaname = 'backops'"),
                sql.number("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
                        + " WHERE relnamespace = 'backops'::regnamespace AND relkind = 'r'"),
                sql.number("SELECT sum(size) FROM pg_ls_waldir()"),
                sql.number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"));
    }

    /** What has grown from here on beyond what chance explains. */
    List<String> grown(Figures end) {
        List<String> grown = new ArrayList<>();
        check(grown, "heap", heap, end.heap, 24 * MEGABYTE);
        check(grown, "threads", threads, end.threads, 8);
        check(grown, "connections", connections, end.connections, 16);
        check(grown, "rows", rows, end.rows, 100);
        // What two hundred operations a second leave behind from one autovacuum to the next, a minute later.
        check(grown, "dead rows", dead, end.dead, 100_000);
        check(grown, "tables", tables, end.tables, 64 * MEGABYTE);
        // The server's own bound is max_wal_size, one gigabyte.
        check(grown, "WAL on disk", Math.max(wal, 1_024 * MEGABYTE), end.wal, 128 * MEGABYTE);
        return grown;
    }

    private static void check(List<String> grown, String what, long begin, long end, long allowed) {
        if (end > begin + begin / 4 + allowed) {
            grown.add(what + " from " + begin + " to " + end);
        }
    }

    @Override
    public String toString() {
        return "heap %.1f MB, threads %d, connections %d, rows %d, dead rows %d, tables %.1f MB, WAL on disk %.1f MB, written %.1f MB"
                .formatted(
                        megabytes(heap),
                        threads,
                        connections,
                        rows,
                        dead,
                        megabytes(tables),
                        megabytes(wal),
                        megabytes(written));
    }

    private static double megabytes(long bytes) {
        return (double) bytes / MEGABYTE;
    }
}
