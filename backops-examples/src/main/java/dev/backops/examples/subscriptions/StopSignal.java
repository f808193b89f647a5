package dev.backops.examples.subscriptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells the job that it is to stop, from another thread; the job looks at it whenever it has nothing else to wait for. */
final class StopSignal {

    /** The job was told to stop. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Tells the job to stop and waits until it has: the body of a shutdown hook. */
    void stopAndAwaitEnd() {
        stopped.countDown();
        try {
            boolean inTime = ended.await(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!inTime) {
                System.err.println("The job did not stop in " + END_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that the job has ended, by itself or because it was told to. */
    void ended() {
        ended.countDown();
    }

    /** Waits for a while, unless the job is to stop. */
    void sleep(Duration time) throws InterruptedException {
        if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new StoppedException();
        }
    }

    /** Waits until somebody presses Enter, or until the job is to stop. Where nobody sits at the input, it is the latter. */
    void awaitEnterOrStop() throws InterruptedException {
        Thread reader = new Thread(this::stopOnEnter, "enter");
        reader.setDaemon(true);
        reader.start();
        stopped.await();
    }

    private void stopOnEnter() {
        try {
            for (int read = System.in.read(); read != -1; read = System.in.read()) {
                if (read == '\n') {
                    stopped.countDown();
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes on, unless the job is to stop. */
    void check() {
        if (stopped.getCount() == 0) {
            throw new StoppedException();
        }
    }
}
