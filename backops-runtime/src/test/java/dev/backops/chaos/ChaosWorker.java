package dev.backops.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.testkit.Ledger;
import dev.backops.testkit.WorkerProcesses;
import java.io.IOException;
import java.time.Duration;

/** The program of the processes under test: runs transfers until its input ends. */
final class ChaosWorker {

    private ChaosWorker() {}

    /** Takes the URLs of the database and of the ledger. */
    public static void main(String... arguments) throws IOException {
        try (HikariDataSource ledger = pool(arguments[1]);
                HikariDataSource pool = pool(arguments[0]);
                BackOps backOps = BackOps.builder(pool)
                        .lease(ChaosTest.LEASE)
                        .pollInterval(Duration.ofMillis(200))
                        .concurrency(8)
                        .build()) {
            backOps.register(Transfer.steps(new Ledger(ledger)));
            Mixed.register(backOps);
            backOps.start();
            System.out.println(WorkerProcesses.STARTED);
            while (System.in.read() != -1) {
                // Whatever was said, it was not the end.
            }
        }
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(1);
        // So that a connection nobody answers on is given up in the time of a test.
        config.addDataSourceProperty("socketTimeout", "5");
        config.addDataSourceProperty("connectTimeout", "2");
        config.setConnectionTimeout(Duration.ofSeconds(3).toMillis());
        return new HikariDataSource(config);
    }
}
