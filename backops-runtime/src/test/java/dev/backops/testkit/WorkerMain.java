package dev.backops.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.BackOps;
import dev.backops.StepRun;
import java.io.IOException;
import java.time.Duration;
import javax.sql.DataSource;

/** The program of {@link WorkerProcesses}: runs orders until its input ends, which it also does if the test dies. */
final class WorkerMain {

    /** The number of the order that is died of. */
    static final long DEADLY = 666;

    private WorkerMain() {}

    /**
     * Takes the URL of the database, the longest time of a step in ms, the step in which to die, or "none", and the lease
     * in ms. With "charge!" it dies only in the first step of the order {@link #DEADLY}. If the URL is that of a PgBouncer,
     * the one of the database behind it comes last.
     */
    public static void main(String... arguments) throws IOException {
        boolean pooled = arguments.length > 4;
        DataSource direct = pool(arguments[pooled ? 4 : 0]);
        Order.Steps steps = new Ledger(direct).steps(Duration.ofMillis(Long.parseLong(arguments[1])));
        try (HikariDataSource pool = pool(arguments[0]);
                BackOps backOps = BackOps.builder(pool)
                        .migrations(direct)
                        .transactionPooling(pooled)
                        .lease(Duration.ofMillis(Long.parseLong(arguments[3])))
                        .pollInterval(Duration.ofMillis(100))
                        .concurrency(8)
                        .build()) {
            backOps.register(Order.steps(arguments[2].equals("none") ? steps : dyingIn(arguments[2], steps)));
            backOps.start();
            System.out.println(WorkerProcesses.STARTED);
            while (System.in.read() != -1) {
                // Whatever was said, it was not the end.
            }
        }
    }

    private static HikariDataSource pool(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(12);
        return new HikariDataSource(config);
    }

    /** The JVM ends as if it were killed, once the step has done its work. */
    private static Order.Steps dyingIn(String step, Order.Steps steps) {
        return new Order.Steps() {
            @Override
            public Order.Charge charge(long number, StepRun run) throws Exception {
                Order.Charge charge = steps.charge(number, run);
                if (step.equals("charge") || (step.equals("charge!") && number == DEADLY)) {
                    Runtime.getRuntime().halt(137);
                }
                return charge;
            }

            @Override
            public void ship(String receipt, StepRun run) throws Exception {
                steps.ship(receipt, run);
                dieIn(run);
            }

            @Override
            public void thank(StepRun run) throws Exception {
                steps.thank(run);
                dieIn(run);
            }

            private void dieIn(StepRun run) {
                if (run.step().equals(step)) {
                    Runtime.getRuntime().halt(137);
                }
            }
        };
    }
}
