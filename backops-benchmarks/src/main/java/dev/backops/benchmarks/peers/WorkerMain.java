package dev.backops.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;

/** One of several worker processes. It is told what to do by single bytes, and stops at the end of its input. */
final class WorkerMain {

    /** Begins to run steps. */
    static final char START = 's';

    /** Prints how many steps it has run. */
    static final char COUNT = 'c';

    private WorkerMain() {}

    /** Arguments: port, database, system, job. */
    public static void main(String[] arguments) throws IOException, SQLException {
        RoundMain.dieOfUncaughtExceptions();
        Server server = new Server(Integer.parseInt(arguments[0]));
        Steps steps = new Steps(Job.valueOf(arguments[3]));
        try (HikariDataSource pool = Arena.pool(server, arguments[1]);
                Contender contender = Entrant.of(arguments[2]).open(pool, steps)) {
            for (int command = System.in.read(); command != -1; command = System.in.read()) {
                if (command == START) {
                    contender.start();
                } else {
                    System.out.println(steps.ran());
                }
            }
        }
        // Some systems leave threads behind.
        System.exit(0);
    }
}
