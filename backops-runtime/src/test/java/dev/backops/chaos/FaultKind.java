package dev.backops.chaos;

import java.time.Duration;

/** What can break. Each leaves behind what {@link Site#heal} mends. */
enum FaultKind {
    /** A process is killed in the middle of its work; another one takes its place. */
    KILL {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 3; i++) {
                site.pause(Duration.ofMillis(200));
                site.killWorker();
                site.startWorker();
            }
            return 3;
        }
    },
    /** A process is told to close and another one takes its place, as in a deploy. */
    REPLACE {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 3; i++) {
                site.pause(Duration.ofMillis(200));
                site.startWorker();
                site.closeWorker();
            }
            return 3;
        }
    },
    /** A process stops (SIGSTOP) for longer than its lease, and then goes on. */
    FREEZE {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(200));
            site.freezeWorkerFor(ChaosTest.LEASE.multipliedBy(3));
            return 1;
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
    /** The network resets all connections. */
    RESET {
        @Override
        int strike(Site site) throws Exception {
            for (int i = 0; i < 5; i++) {
                site.pause(Duration.ofMillis(150));
                site.network().reset();
            }
            return 5;
        }
    },
    /** All connections stay open, and nothing passes on them any more. */
    HALF_OPEN {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(500));
            site.network().abandon();
            site.pause(Duration.ofMillis(500));
            return 1;
        }
    },
    /** The answer to a commit, or to a record, which commits by itself, is lost together with its connection. */
    LOST_ANSWER {
        @Override
        int strike(Site site) throws Exception {
            int thrown = 0;
            for (String text : new String[] {"COMMIT", "WITH e AS MATERIALIZED", "WITH me AS", "WITH new AS"}) {
                thrown += site.loseAnswerTo(text) ? 1 : 0;
            }
            return thrown;
        }
    },
    /** The server's main process is killed, and with it all others of the server; it is started again. */
    SERVER {
        @Override
        int strike(Site site) throws Exception {
            site.pause(Duration.ofMillis(400));
            site.killServer();
            site.startServer();
            return 1;
        }
    };

    /** Breaks things; returns how many times. */
    abstract int strike(Site site) throws Exception;
}
