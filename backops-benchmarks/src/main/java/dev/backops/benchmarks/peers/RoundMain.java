package dev.backops.benchmarks.peers;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** Runs workloads of one system, one after the other, and prints their figures. */
final class RoundMain {

    private RoundMain() {}

    /** Arguments: port, system, size, how often large workloads are measured, workloads. */
    public static void main(String[] arguments) throws SQLException {
        dieOfUncaughtExceptions();
        Entrant entrant = Entrant.of(arguments[1]);
        Round round = new Round(
                new Server(Integer.parseInt(arguments[0])),
                entrant,
                Size.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]),
                System.out);
        List<Workload> workloads =
                Arrays.stream(arguments).skip(4).map(Workload::of).toList();
        round.warmUp();
        for (Workload workload : workloads) {
            try {
                round.run(workload);
            } catch (SQLException | RuntimeException e) {
                throw new IllegalStateException(entrant.label() + " failed in " + workload.label(), e);
            }
        }
        // Some systems leave threads behind.
        System.exit(0);
    }

    /** A thread that dies of a mistake would let the others wait for it. */
    static void dieOfUncaughtExceptions() {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            System.err.println("Thread " + thread.getName() + " died");
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
    }
}
