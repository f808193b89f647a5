package dev.backops.chaos;

import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TcpProxy.Fault;
import dev.backops.testkit.WorkerProcesses.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What can break. Each leaves behind what {@link Site#heal} mends. */
enum FaultKind {
    /** A process is killed in the middle of its work; another one takes its place. */
    KILL {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 2; i++) {
                site.pause(Duration.ofMillis(200));
                site.killWorker();
                site.startWorker();
            }
            return 2;
        }
    },
    /** A process is killed before it sends a statement, or as its answer comes: each statement that it sends, in turn. */
    CRASH_POINT {
        @Override
        int strike(Site site) throws Exception {
            return CRASH_POINTS.strike(site);
        }
    },
    /** A process is told to close and another one takes its place, as in a deploy. */
    REPLACE {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 2; i++) {
                site.pause(Duration.ofMillis(200));
                site.startWorker();
                site.closeWorker();
            }
            return 2;
        }
    },
    /** Processes stop (SIGSTOP) for longer than their lease, and then go on. */
    FREEZE {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(200));
            List<Worker> frozen = site.some(2);
            for (Worker worker : frozen) {
                worker.freeze();
            }
            site.outlastLease(frozen);
            return frozen.size();
        }
    },
    /** The same in the middle of a step, between its claim and its record. */
    FREEZE_IN_STEP {
        @Override
        int strike(Site site) throws Exception {
            return freezeIn("announce", site);
        }
    },
    /** The same in the middle of a transactional step, which has written. */
    FREEZE_IN_TRANSACTION {
        @Override
        int strike(Site site) throws Exception {
            return freezeIn("book", site);
        }
    },
    /** The server ends connections of the processes. */
    TERMINATE {
        @Override
        int strike(Site site) throws Exception {
            int thrown = 0;
            for (int i = 0; i < 10; i++) {
                site.pause(Duration.ofMillis(100));
                thrown += site.terminateBackends();
            }
            return thrown;
        }
    },
    /** Somebody takes all connections of the pools, for longer than others wait for one. */
    POOL_FULL {
        @Override
        int strike(Site site) throws Exception {
            List<Worker> full = site.some(3);
            for (Worker worker : full) {
                worker.say(ChaosWorker.TAKE_ALL + 2_000);
            }
            Thread.sleep(2_000);
            site.pause(Duration.ofMillis(300));
            return full.size();
        }
    },
    /** The server ends each statement that takes longer than a millisecond. */
    STATEMENT_TIMEOUT {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(300));
            site.sql().execute("ALTER SYSTEM SET statement_timeout = '1ms'");
            site.sql().execute("SELECT pg_reload_conf()");
            site.pause(Duration.ofMillis(700));
            site.sql().execute("ALTER SYSTEM RESET statement_timeout");
            site.sql().execute("SELECT pg_reload_conf()");
            return 1;
        }
    },
    /** The disk of the server is full. */
    DISK_FULL {
        @Override
        Place place() {
            return Place.SMALL_DISK;
        }

        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(300));
            return site.server(FillableServer.class).fillFor(() -> site.pause(Duration.ofMillis(700))) ? 1 : 0;
        }
    },
    /** The network resets all connections. */
    RESET {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 5; i++) {
                site.pause(Duration.ofMillis(150));
                network(site).reset();
            }
            return 5;
        }
    },
    /** Each packet takes up to a second. */
    DELAY {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(300));
            network(site).delay(Duration.ofMillis(50 + site.random().nextInt(950)));
            site.pause(Duration.ofMillis(700));
            network(site).delay(Duration.ZERO);
            return 1;
        }
    },
    /** All connections stay open, and nothing passes on them any more. */
    HALF_OPEN {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 3; i++) {
                site.pause(Duration.ofMillis(500));
                network(site).abandon();
            }
            // Long enough for all to give them up.
            Thread.sleep(2_500);
            return 3;
        }
    },
    /** The answer to a commit, or to a record, which commits by itself, is lost together with its connection. */
    LOST_ANSWER {
        @Override
        int strike(Site site) throws Exception {
            int thrown = 0;
            for (String text : List.of("COMMIT", "WITH e AS MATERIALIZED", "WITH me AS", "WITH new AS")) {
                Fault fault = network(site).loseAnswerTo(text);
                thrown += site.isTrueInTime(fault::happened) ? 1 : 0;
            }
            return thrown;
        }
    },
    /** The server's main process is killed, and with it all others of the server; it is started again. */
    SERVER {
        @Override
        int strike(Site site) throws Exception {
            SingleServer server = site.server(SingleServer.class);
            site.pause(Duration.ofMillis(800));
            server.kill();
            server.restart();
            return 1;
        }
    },
    /** The main process of the primary is killed, and the standby takes its place. */
    FAILOVER {
        @Override
        Place place() {
            return Place.REPLICATED;
        }

        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(800));
            site.server(ReplicatedServer.class).failOver();
            return 1;
        }
    };

    private static final CrashPoints CRASH_POINTS = new CrashPoints();

    /** Those that this user can throw here: only root can have a small disk. */
    static List<FaultKind> possible() {
        List<FaultKind> possible = new ArrayList<>(List.of(values()));
        if (!SmallDisk.isPossible()) {
            possible.remove(DISK_FULL);
        }
        return possible;
    }

    /** Breaks things; returns how many times. May be called again after {@link Site#heal}. */
    abstract int strike(Site site) throws Exception;

    /** Where it happens. */
    Place place() {
        return Place.ORDINARY;
    }

    private static int freezeIn(String step, Site site) throws Exception {
        List<Worker> frozen = site.stopIn(step, site.some(2));
        site.outlastLease(frozen);
        return frozen.size();
    }

    private static TcpProxy network(Site site) {
        return site.server(SingleServer.class).network();
    }

    /** What the server of a site is. */
    enum Place {
        ORDINARY,
        SMALL_DISK,
        REPLICATED
    }
}
