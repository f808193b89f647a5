package dev.backops.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * What a careful team writes by hand: a table of jobs, claimed with SKIP LOCKED, ten at a time; one statement and one commit
 * per step, which says in its WHERE what it expects; a lease that each step renews, and whose end frees the job.
 */
final class HandWrittenContender implements Contender {

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS job (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              number bigint NOT NULL,
              state text NOT NULL DEFAULT 'ready',
              next_step int NOT NULL DEFAULT 1,
              attempts int NOT NULL DEFAULT 0,
              error text,
              run_at timestamptz NOT NULL DEFAULT now(),
              worker text,
              locked_until timestamptz,
              created_at timestamptz NOT NULL DEFAULT now()
            ) WITH (fillfactor = 50);
            CREATE INDEX IF NOT EXISTS job_ready ON job (run_at) WHERE state = 'ready';
            CREATE INDEX IF NOT EXISTS job_running ON job (id) WHERE state = 'running';
            CREATE TABLE IF NOT EXISTS job_step (
              job_id bigint NOT NULL,
              step int NOT NULL,
              output text NOT NULL,
              finished_at timestamptz NOT NULL DEFAULT now(),
              PRIMARY KEY (job_id, step)
            );
            """;

    private static final String ADD = "INSERT INTO job (number) VALUES (?)";

    private static final String ADD_ALL = """
            INSERT INTO job (number, run_at)
            SELECT n, now() + ? * interval '1 millisecond' FROM generate_series(?, ?) AS n
            """;

    private static final String CLAIM = """
            WITH due AS MATERIALIZED (
              SELECT id FROM job WHERE state = 'ready' AND run_at <= now() ORDER BY run_at LIMIT 10 FOR UPDATE SKIP LOCKED)
            UPDATE job SET state = 'running', worker = ?, locked_until = now() + interval '1 minute'
            FROM due WHERE job.id = due.id
            RETURNING job.id, job.number, job.next_step
            """;

    private static final String FREE = """
            UPDATE job SET state = 'ready', worker = NULL WHERE state = 'running' AND locked_until < now()
            """;

    private static final String RECORD = """
            WITH moved AS (
              UPDATE job SET next_step = next_step + 1, attempts = 0, locked_until = now() + interval '1 minute',
                state = CASE WHEN next_step = ? THEN 'done' ELSE 'running' END
              WHERE id = ? AND worker = ? AND next_step = ? AND state = 'running'
              RETURNING id, next_step - 1 AS step)
            INSERT INTO job_step (job_id, step, output) SELECT id, step, ? FROM moved
            """;

    private static final String RETRY = """
            UPDATE job SET state = CASE WHEN attempts >= 9 THEN 'failed' ELSE 'ready' END, attempts = attempts + 1, error = ?,
              worker = NULL, run_at = now() + interval '100 milliseconds'
            WHERE id = ? AND worker = ? AND state = 'running'
            """;

    private static final long POLL_MILLIS = 5;

    private final DataSource pool;
    private final Steps steps;
    private final String worker = UUID.randomUUID().toString();
    private final List<Thread> threads = new ArrayList<>();

    /** One thread claims at a time; where there is nothing, the others wait with it. */
    private final ReentrantLock claiming = new ReentrantLock();

    private volatile boolean closed;

    HandWrittenContender(DataSource pool, Steps steps) throws SQLException {
        this.pool = pool;
        this.steps = steps;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
        }
    }

    @Override
    public void enqueue(long number) {
        try (Connection connection = pool.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setLong(1, number);
            add.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("A job could not be added", e);
        }
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        try (Connection connection = pool.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD_ALL)) {
            add.setLong(1, delay.toMillis());
            add.setLong(2, first);
            add.setLong(3, first + count - 1);
            add.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("Jobs could not be added", e);
        }
    }

    @Override
    public void start() {
        for (int i = 0; i < steps.job().concurrency(); i++) {
            Thread thread = new Thread(this::work, "job-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void work() {
        try {
            while (!closed) {
                for (Claimed job : claim()) {
                    run(job);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The worker lost its database", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Claimed> claim() throws SQLException, InterruptedException {
        claiming.lockInterruptibly();
        try (Connection connection = pool.getConnection()) {
            List<Claimed> claimed = new ArrayList<>();
            try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
                claim.setString(1, worker);
                try (ResultSet row = claim.executeQuery()) {
                    while (row.next()) {
                        claimed.add(new Claimed(row.getLong(1), row.getLong(2), row.getInt(3)));
                    }
                }
            }
            if (claimed.isEmpty()) {
                try (Statement free = connection.createStatement()) {
                    free.execute(FREE);
                }
                Thread.sleep(POLL_MILLIS);
            }
            return claimed;
        } finally {
            claiming.unlock();
        }
    }

    private void run(Claimed job) throws SQLException, InterruptedException {
        for (int step = job.nextStep(); step <= steps.job().steps(); step++) {
            boolean recorded;
            if (steps.job() == Job.TRANSACTIONAL) {
                recorded = runInside(job, step);
            } else {
                String output;
                try {
                    output = steps.run(job.number(), step);
                } catch (IllegalStateException e) {
                    retry(job, e);
                    return;
                }
                try (Connection connection = pool.getConnection()) {
                    recorded = record(connection, job, step, output);
                }
            }
            if (!recorded) {
                return;
            }
        }
    }

    private boolean runInside(Claimed job, int step) throws SQLException, InterruptedException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            steps.run(job.number(), step, connection);
            boolean recorded = record(connection, job, step, "");
            if (recorded) {
                connection.commit();
            } else {
                connection.rollback();
            }
            connection.setAutoCommit(true);
            return recorded;
        }
    }

    /** False if the job is not ours any more. */
    private boolean record(Connection connection, Claimed job, int step, String output) throws SQLException {
        try (PreparedStatement record = connection.prepareStatement(RECORD)) {
            record.setInt(1, steps.job().steps());
            record.setLong(2, job.id());
            record.setString(3, worker);
            record.setInt(4, step);
            record.setString(5, output);
            return record.executeUpdate() == 1;
        }
    }

    private void retry(Claimed job, IllegalStateException error) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement retry = connection.prepareStatement(RETRY)) {
            retry.setString(1, error.toString());
            retry.setLong(2, job.id());
            retry.setString(3, worker);
            retry.execute();
        }
    }

    @Override
    public String pending() {
        return "job WHERE state IN ('ready', 'running', 'failed')";
    }

    @Override
    public String recorded() {
        return "job_step";
    }

    @Override
    public void close() {
        closed = true;
        InParallel.join(threads);
    }

    private record Claimed(long id, long number, int nextStep) {}
}
