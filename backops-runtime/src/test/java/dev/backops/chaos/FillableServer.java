package dev.backops.chaos;

import dev.backops.testkit.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jdbi.v3.core.JdbiException;

/** One server on a disk that can be filled. */
final class FillableServer implements Server {

    private static final Map<String, String> SETTINGS = Map.of("min_wal_size", "32MB", "max_wal_size", "64MB");

    private final SmallDisk disk;
    private final SingleServer server;

    /** Takes over the disk. */
    FillableServer(SmallDisk disk) {
        this.disk = disk;
        server = new SingleServer(disk.directory().resolve("data"), SETTINGS);
    }

    @Override
    public String jdbcUrl() {
        return server.jdbcUrl();
    }

    @Override
    public DataSource direct() {
        return server.direct();
    }

    /** Fills the disk for as long as something takes; returns whether the server has told anybody of it. */
    boolean fillFor(Meanwhile meanwhile) throws Exception {
        new Sql(direct()).execute("VACUUM");
        disk.fill();
        boolean told;
        try {
            meanwhile.run();
            told = !answers(
                    "CREATE TABLE public.more AS SELECT repeat(md5(n::text), 50) FROM generate_series(1, 1000) AS n");
        } finally {
            disk.free();
        }
        if (!told) {
            new Sql(direct()).execute("DROP TABLE public.more");
        }
        awaitAnswer();
        return told;
    }

    /** A server that cannot write its log goes down, and may come up by itself. */
    private void awaitAnswer() {
        Callable<Boolean> answer = () -> answers("SELECT 1");
        try {
            Awaitility.await().atMost(Duration.ofSeconds(3)).until(answer);
        } catch (ConditionTimeoutException e) {
            server.restart();
        }
    }

    private boolean answers(String statement) {
        try {
            new Sql(direct()).execute(statement);
            return true;
        } catch (JdbiException e) {
            return false;
        }
    }

    @Override
    public void heal() {
        server.heal();
    }

    @Override
    public void close() throws IOException {
        try (disk) {
            server.close();
        }
    }

    /** What goes on while the disk is full. */
    @FunctionalInterface
    interface Meanwhile {

        void run() throws Exception;
    }
}
