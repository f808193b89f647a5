package dev.backops;

import dev.backops.codegen.OperationClient;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.internal.client.Client;
import dev.backops.internal.client.Installation;
import dev.backops.internal.engine.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues operations in the application's PostgreSQL, runs their steps, and looks at them. An application has one; it is
 * safe for every thread.
 *
 * <pre>{@code
 * try (BackOps backOps = BackOps.builder(dataSource).build()) {
 *   FulfillmentOperation fulfillments = FulfillmentOperation.on(backOps);
 *
 *   backOps.register(FulfillmentOperation.steps(new Fulfillment(payments)));
 *   backOps.start();                       // a process that only enqueues leaves these two out
 *
 *   Enqueued one = fulfillments.enqueue(42L);
 *   backOps.await(one.id(), Duration.ofMinutes(1));
 * }
 * }</pre>
 */
public final class BackOps implements AutoCloseable {

    private final Installation installation;
    private final Operations operations;
    private volatile @Nullable Thread shutdownHook;

    private BackOps(Installation installation) {
        this.installation = installation;
        this.operations = new Operations(installation);
    }

    /**
     * Begins to configure a BackOps on a database.
     *
     * @param dataSource connections to a PostgreSQL 14 or later; usually a pool. A running BackOps keeps five of its
     *     connections and takes others now and then, so it has to offer at least six. It is not closed here.
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /** What generated code calls to enqueue and find operations of one definition. */
    public OperationClient client(OperationDefinition definition) {
        return Client.of(installation, definition);
    }

    /**
     * Adds an operation that this process can run.
     *
     * @param steps what the generated {@code steps(…)} returns
     * @return this
     * @throws RegistrationException if an operation of that name, or with the same former name, is registered already, if it has no steps, or after {@link #start}
     */
    public BackOps register(OperationSteps steps) {
        installation.engine().register(steps);
        return this;
    }

    /**
     * Begins to run operations; returns at once. The JVM stays alive until {@link #close}.
     *
     * @throws RegistrationException if no operation is registered
     * @throws IllegalStateException if it was started before
     * @throws ClosedException if it was closed before
     * @throws DatabaseException if the database cannot be reached; {@code start} may then be called again
     */
    public void start() {
        installation.ask("Operations could not be started", () -> {
            installation.engine().start();
            return this;
        });
    }

    /**
     * The statements that create the indexes of {@code @Indexed} params of the registered operations, each to be run outside of a
     * transaction. A running BackOps runs them itself, in the background, with the connections of {@link Builder#migrations};
     * this is for teams that run DDL themselves: do it before {@link #start}.
     */
    public List<String> indexStatements() {
        return installation.engine().indexStatements();
    }

    /** Looks at operations and repairs them. */
    public Operations operations() {
        return operations;
    }

    /**
     * Waits until an operation has ended: completed, or failed and in need of someone.
     *
     * @param id the operation
     * @param timeout how long to wait at most
     * @return its status then
     * @throws AwaitTimeoutException if it has not ended in time
     * @throws OperationNotFoundException if there is no such operation
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Status await(long id, Duration timeout) throws InterruptedException {
        return installation.await(id, timeout);
    }

    /**
     * Stops running operations: claims nothing more, waits for running steps for the grace period and interrupts the rest,
     * records what ended, and gives back what has not begun. Everything goes on where it was after the next start, here or
     * in another process.
     *
     * <p>A second call waits for the first one. An interrupt of the waiting thread ends the grace period. Called by a step it
     * does not wait, and the step has the grace period to return. It never takes more than ten seconds beyond the grace
     * period, even where steps ignore their interrupt or the database is away.
     */
    @Override
    public void close() {
        Thread hook = shutdownHook;
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM ends already, and the hook does the same as we do here.
                shutdownHook = null;
            }
        }
        installation.close();
    }

    private BackOps closedOnShutdown() {
        Thread hook = new Thread(this::close, "backops-shutdown");
        shutdownHook = hook;
        Runtime.getRuntime().addShutdownHook(hook);
        return this;
    }

    /** Configures a {@link BackOps}. Not safe for several threads. */
    public static final class Builder {

        private final DataSource dataSource;
        private @Nullable DataSource migrations;
        private @Nullable Jdbi jdbi;
        private boolean closeOnShutdown;
        private final List<OperationListener> listeners = new ArrayList<>();
        private final List<StepInterceptor> interceptors = new ArrayList<>();
        private String schema = BackOpsConfig.DEFAULT_SCHEMA;
        private int concurrency = BackOpsConfig.DEFAULT_CONCURRENCY;
        private final Map<String, Integer> queues = new HashMap<>();
        private Duration lease = BackOpsConfig.DEFAULT_LEASE;
        private @Nullable Duration pollInterval;
        private boolean transactionPooling;
        private Duration gracePeriod = BackOpsConfig.DEFAULT_GRACE_PERIOD;
        private final Map<Status, Duration> keep = new EnumMap<>(Status.class);

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * The schema that holds the tables, created if it is not there: a lower-case SQL name. Two schemas are two separate
         * installations. Default: {@value BackOpsConfig#DEFAULT_SCHEMA}.
         */
        public Builder schema(String name) {
            this.schema = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Connections with which the tables are created and upgraded, and indexes built, if not those of the data source: for
         * a role that may do so, or directly to the database where the data source goes through PgBouncer. Default: the data source itself.
         */
        public Builder migrations(DataSource direct) {
            this.migrations = Objects.requireNonNull(direct, "direct");
            return this;
        }

        /**
         * The Jdbi whose handles transactional steps work with, with the plugins, mappers and settings of the application.
         * It must lead to the database of this BackOps, which {@link BackOps#start} checks. Each transactional step that
         * runs takes one of its connections, so that a pool needs as many as {@link #concurrency} besides what else uses
         * it; steps wait for each other where it has fewer. A plugin is installed in it, which leaves all handles but those
         * of steps alone. Default: a Jdbi on the data source, with nothing but the plugin for PostgreSQL.
         */
        public Builder jdbi(Jdbi configured) {
            this.jdbi = Objects.requireNonNull(configured, "configured");
            return this;
        }

        /**
         * Calls {@link BackOps#close} when the JVM is told to end, as by SIGTERM or {@code System.exit}; not by SIGKILL. The JVM
         * runs all such hooks at the same time and in no order: where a container closes the pool in one of its own, let the
         * container close the BackOps, before the pool. Whoever sends the SIGTERM must wait for the grace period and ten
         * seconds more before a SIGKILL. Default: off.
         */
        public Builder closeOnShutdown() {
            this.closeOnShutdown = true;
            return this;
        }

        /** Somebody who hears what happens to operations in this process; {@link OperationListener} says when and where. */
        public Builder listener(OperationListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Something that runs around every call of a step; the first one is the outermost. */
        public Builder interceptor(StepInterceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /**
         * How many steps this process runs at a time, from 1 to 10,000; each is a thread, a virtual one on Java 21 and
         * later. Default: {@value BackOpsConfig#DEFAULT_CONCURRENCY}.
         */
        public Builder concurrency(int steps) {
            this.concurrency = steps;
            return this;
        }

        /**
         * Gives a queue threads of its own in this process, apart from those of {@link #concurrency}: so many of its steps
         * run at a time, never more, and never fewer because others are busy. Queues without a number of their own share
         * {@link #concurrency}. Operations name their queue; those that name none are in {@code "default"}.
         *
         * @param name the queue: as at {@code @Operation(queue = …)} 1 to 200 characters, letters from a to z, digits, {@code _}, {@code -}
         *     and {@code .}, beginning with a letter
         * @param steps from 0 to 10,000; 0 leaves the queue to other processes
         */
        public Builder queue(String name, int steps) {
            queues.put(Objects.requireNonNull(name, "name"), steps);
            return this;
        }

        /**
         * After how long without a heartbeat this process counts as dead, so that others take its operations; from 3
         * seconds to an hour. A pause of the JVM that outlasts it makes running steps run again elsewhere. Default: 15
         * seconds.
         */
        public Builder lease(Duration length) {
            this.lease = Objects.requireNonNull(length, "length");
            return this;
        }

        /**
         * How often an idle process looks for work that nobody told it of; from 10 ms to a minute. What is enqueued here or by
         * another process starts at once, since an idle process listens; then it looks five times more rarely. Default:
         * one second, and four with {@link #transactionPooling}, where nobody listens.
         */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Whether the data source goes through a pooler that gives each transaction another session of PostgreSQL, such as
         * PgBouncer in transaction mode. Nothing is then left in a session: statements are not prepared there, settings hold
         * for a transaction, and nobody listens for work, so that what other processes enqueue starts within the {@link
         * #pollInterval}. The tables need {@link #migrations} of their own, directly to the database. Default: false.
         */
        public Builder transactionPooling(boolean shared) {
            this.transactionPooling = shared;
            return this;
        }

        /** How long running steps may go on after {@link BackOps#close}, from zero to a day. Default: 20 seconds. */
        public Builder gracePeriod(Duration length) {
            this.gracePeriod = Objects.requireNonNull(length, "length");
            return this;
        }

        /**
         * Deletes operations some time after they have ended so, with their steps, failures and audit rows; a running
         * BackOps does it in small batches. Their keys are free again then. By default everything is kept for ever.
         *
         * @param outcome completed, compensated or cancelled; failed operations stay until somebody decides
         * @param age how long after the end, from zero to a hundred years
         */
        public Builder keep(Status outcome, Duration age) {
            keep.put(Objects.requireNonNull(outcome, "outcome"), Objects.requireNonNull(age, "age"));
            return this;
        }

        /**
         * Creates or upgrades the tables where necessary.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         * @throws DatabaseException if the database cannot be reached
         * @throws SchemaException if the tables belong to a newer version, or may not be created
         */
        public BackOps build() {
            Duration defaultPollInterval = transactionPooling
                    ? BackOpsConfig.DEFAULT_POOLED_POLL_INTERVAL
                    : BackOpsConfig.DEFAULT_POLL_INTERVAL;
            BackOpsConfig config = new BackOpsConfig(
                    schema,
                    concurrency,
                    queues,
                    lease,
                    pollInterval == null ? defaultPollInterval : pollInterval,
                    transactionPooling,
                    gracePeriod,
                    keep);
            BackOps backOps = new BackOps(Installation.open(
                    config,
                    dataSource,
                    migrations == null ? dataSource : migrations,
                    jdbi,
                    new Hooks(listeners, interceptors)));
            return closeOnShutdown ? backOps.closedOnShutdown() : backOps;
        }
    }
}
