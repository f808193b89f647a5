package dev.backops.internal.engine;

import dev.backops.BackOpsConfig;
import dev.backops.RegistrationException;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.ParamIndex;
import dev.backops.internal.store.SqlStates;
import dev.backops.internal.store.StepTransaction;
import dev.backops.internal.store.Stores;
import dev.backops.internal.store.WorkStore.Unfinished;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in this process that runs operations: built once, started once, stopped once.
 *
 * <p>It keeps five connections of the pool while it runs, for the claim loop, the two journals, the heartbeat and, unless a pooler
 * forbids it, for listening. The heartbeat has its own, since steps may use up the pool, and that must not look like death.
 */
public final class Engine {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** While the database works for one, the other gathers: with more of them commits would be shared by too few. */
    private static final int JOURNALS = 2;

    /** How long interrupted steps and the journals get to come to an end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** How long a stop may take beyond the grace period before its caller goes on without it. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** A build that broke off is hard work to begin again. */
    private static final Duration LONGEST_INDEX_PAUSE = Duration.ofMinutes(5);

    private static final long NOTE_PACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Duration STOP_PACE = Duration.ofMillis(50);

    private static final String OTHER_DATABASE = "The Jdbi for transactional steps does not lead to the tables of this"
            + " BackOps. Give jdbi(…) one that connects to the same database and may write to its schema, or leave it out.";

    private enum State {
        NEW,
        STARTED,
        STOPPED
    }

    private final BackOpsConfig config;
    private final Clock clock;
    private final Database database;
    private final Jdbi stepJdbi;
    private final Events events;
    private final Stores stores;
    private final DefinitionIds definitionIds;
    private final String installation;
    private final Completions completions = new Completions();
    private final Registry registry;
    private final Settled settled = new Settled();

    private final Lease lease;
    private final StepRunner runner;
    private final ReadyBuffer buffer;
    private final List<Journal> journals;
    private final HeartbeatLoop heartbeat;
    private final ScheduleLoop schedule;
    private final ClaimLoop claims;
    private final ParkLoop parking;

    private final IdleNotifier notifier;
    private final @Nullable ListenLoop listen;

    private final LoopThread claimThread;
    private final LoopThread scheduleThread;
    private final LoopThread parkThread;
    private final LoopThread indexThread;
    private final LoopThread heartbeatThread;

    /** Those that are started, stopped and waited for together: no other part of a stop depends on them. */
    private final List<LoopThread> background = new ArrayList<>();

    /** What was claimed and did not run before the stop. */
    private final Queue<Execution> unused = new ConcurrentLinkedQueue<>();

    /**
     * What this process has claimed and is not to run, or cannot: it is paused, it waits behind steps that take long, or there
     * is no thread for it.
     */
    private final Queue<Execution> stranded = new ConcurrentLinkedQueue<>();

    private volatile boolean running;

    private final AtomicLong notedAt = new AtomicLong(System.nanoTime() - NOTE_PACE_NANOS - 1);

    private volatile boolean stopping;

    /** Interrupted steps are not to blame for what they throw. */
    private volatile boolean interrupting;

    /** Nobody has the patience for the rest of the grace period. */
    private volatile boolean hurried;

    /** Guarded by this, as is {@link #stopThread}. */
    private State state = State.NEW;

    private @Nullable Thread stopThread;

    public Engine(
            BackOpsConfig config,
            Database database,
            Database direct,
            Jdbi stepJdbi,
            Hooks hooks,
            Stores stores,
            DefinitionIds definitionIds,
            String installation) {
        this(
                config,
                database,
                direct,
                stepJdbi,
                hooks,
                stores,
                definitionIds,
                installation,
                Threads::forSteps,
                Clock.systemUTC());
    }

    /** With threads for steps that are made in another way, and another clock. */
    Engine(
            BackOpsConfig config,
            Database database,
            Database direct,
            Jdbi stepJdbi,
            Hooks hooks,
            Stores stores,
            DefinitionIds definitionIds,
            String installation,
            Function<String, ThreadFactory> stepThreads,
            Clock clock) {
        this.config = config;
        this.clock = clock;
        this.database = database;
        this.stepJdbi = stepJdbi;
        events = new Events(hooks.listeners(), database, stores.views());
        this.stores = stores;
        this.definitionIds = definitionIds;
        this.installation = installation;
        registry = new Registry(config.queues());
        lease = new Lease(config.lease(), clock, System::nanoTime);
        Database patient = database.withPatience(config.lease());
        TransactionalSteps transactional = new TransactionalSteps(
                () -> StepTransaction.begin(stepJdbi), patient, stores.journal(), lease, () -> interrupting);
        runner = new StepRunner(
                installation.replace("-", ""), transactional::run, hooks.interceptors(), this::noteProgress);
        buffer = new ReadyBuffer(config.concurrency(), config.queues(), stepThreads, this::run);
        journals = IntStream.range(0, JOURNALS)
                .mapToObj(number ->
                        new Journal("backops-journal-" + number, patient.session(), stores.journal(), settled))
                .toList();
        EngineSession claimSession = patient.session();
        schedule = new ScheduleLoop(patient, stores.work(), this::workIsReady, System::nanoTime);
        notifier = new IdleNotifier(database, stores.signals());
        listen = config.transactionPooling()
                ? null
                : new ListenLoop(
                        patient.session(),
                        stores.signals(),
                        this::signalledReady,
                        this::workIsScheduled,
                        System::nanoTime);
        claims = new ClaimLoop(
                claimSession,
                stores.work(),
                new IdleMark(claimSession, stores.workers(), System::nanoTime),
                stores.operations(),
                registry,
                lease,
                buffer,
                config.pollInterval(),
                () -> listen != null && listen.listening(),
                new Found(),
                System::nanoTime);
        StepNews news = new StepNews(stores.work(), stores.workers(), runner);
        // A heartbeat that gets no answer must leave the time for another one.
        EngineSession heartbeatSession =
                database.withPatience(config.lease().dividedBy(3)).session();
        heartbeat = new HeartbeatLoop(
                heartbeatSession, stores.workers(), registry, lease, config.lease(), news::exchange, this::buried);
        RescueLoop rescue = new RescueLoop(
                patient,
                stores.workers(),
                stores.work(),
                lease,
                config.lease(),
                this::workIsReady,
                events::rescued,
                System::nanoTime);
        parking = new ParkLoop(
                patient,
                stores.definitions(),
                stores.work(),
                registry,
                lease,
                config.lease(),
                this::workIsReady,
                System::nanoTime);
        parkThread = new LoopThread("backops-park", parking::runOnce, /* daemon= */ true);
        PruneLoop prune = new PruneLoop(database, stores.prunes(), config.keep());
        IndexLoop index = new IndexLoop(direct, stores.indexes(), registry);
        indexThread =
                new LoopThread("backops-index", index::runOnce, /* daemon= */ true, LONGEST_INDEX_PAUSE, () -> {});
        claimThread = new LoopThread(
                "backops-claim", this::claim, /* daemon= */ false, LoopThread.LONGEST_PAUSE, claimSession::close);
        scheduleThread = new LoopThread("backops-schedule", schedule::runOnce, /* daemon= */ true);
        background.addAll(List.of(
                scheduleThread,
                parkThread,
                new LoopThread("backops-rescue", rescue::runOnce, /* daemon= */ true),
                new LoopThread("backops-prune", prune::runOnce, /* daemon= */ true)));
        if (listen != null) {
            background.add(new LoopThread(
                    "backops-listen", listen::runOnce, /* daemon= */ true, LoopThread.LONGEST_PAUSE, listen::end));
        }
        heartbeatThread = new LoopThread(
                "backops-heartbeat",
                heartbeat::runOnce,
                /* daemon= */ true,
                HeartbeatLoop.longestPause(config.lease()),
                heartbeatSession::close);
    }

    /** Adds an operation that this process can run, before the start. */
    public synchronized void register(OperationSteps steps) {
        if (state != State.NEW) {
            throw new RegistrationException("Operation " + steps.definition().name() + " is registered too late: "
                    + "register every operation before start()"
                    + (state == State.STOPPED ? ", on a BackOps that is not closed." : "."));
        }
        registry.add(steps);
    }

    /** Stores the definitions of the registered operations, takes a lease, and begins to claim. */
    public synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("This BackOps was " + (state == State.STARTED ? "started" : "closed")
                    + " already. Build another one to start again.");
        }
        if (registry.operations().isEmpty()) {
            throw new RegistrationException(
                    "No operation is registered, so there is nothing to run. Call"
                            + " register(XOperation.steps(…)) before start(), or leave start() out in a process that only enqueues.");
        }
        registry.operations().forEach(steps -> definitionIds.of(steps.definition()));
        List<Unfinished> others = database.with(handle -> {
            registry.update(stores.definitions().findByNames(handle, registry.storedNames()));
            registry.updateQueues(stores.work().queuesBeside(handle, registry.declaredQueues()));
            return stores.work().unfinished(handle, registry.definitions());
        });
        requireStepsInThisDatabase();
        MissingNames.warn(others, registry);
        heartbeat.register();
        state = State.STARTED;
        journals.forEach(Journal::start);
        heartbeatThread.start();
        background.forEach(LoopThread::start);
        indexThread.start();
        claimThread.start();
        running = true;
        log.info(
                "BackOps runs {} with {} threads{}",
                registry.operations().stream()
                        .map(steps -> steps.definition().name())
                        .sorted()
                        .toList(),
                config.concurrency(),
                config.queues().isEmpty() ? "" : ", apart from the queues " + new TreeMap<>(config.queues()));
    }

    /** The handles of transactional steps come from the user, and must lead to the tables that their records go to. */
    private void requireStepsInThisDatabase() {
        boolean transactional = registry.operations().stream()
                .flatMap(steps -> steps.definition().steps().stream())
                .anyMatch(StepDefinition::isTransactional);
        if (!transactional) {
            return;
        }
        try (StepTransaction transaction = StepTransaction.begin(stepJdbi);
                Handle handle = transaction.ours()) {
            if (!stores.definitions().installation(handle).equals(installation)) {
                throw new RegistrationException(OTHER_DATABASE);
            }
        } catch (StatementException e) {
            if (SqlStates.blamesDatabase(e)) {
                throw e;
            }
            throw new RegistrationException(OTHER_DATABASE, e);
        }
    }

    /** The statements that create the indexes that the registered operations ask for. */
    public List<String> indexStatements() {
        return registry.operations().stream()
                .flatMap(steps -> ParamIndex.of(steps.definition()).stream())
                .map(stores.indexes()::statement)
                .sorted()
                .toList();
    }

    /** Who hears of what others than the engine do. */
    public Events events() {
        return events;
    }

    public Completions completions() {
        return completions;
    }

    /**
     * Operations were added and committed: they are for this process if it has room for them, and for others that sleep if
     * it has not.
     */
    public void added(OperationDefinition definition, int count, boolean atOnce) {
        boolean ours = running && registry.knows(definition.name());
        if (ours && atOnce) {
            signalledReady();
        } else if (ours) {
            workIsScheduled();
        }
        if (!ours || buffer.room(definition.queue()) < count) {
            if (atOnce) {
                notifier.ready();
            } else {
                notifier.scheduled();
            }
        }
    }

    /** Somebody has made work ready, and all who sleep have heard of it. */
    public void signalledReady() {
        claims.expectWork();
        claimThread.wake();
    }

    /** Some work is ready now, as far as this process knows; if it has no room for it, others may. */
    public void workIsReady() {
        signalledReady();
        if (buffer.pools().stream().anyMatch(pool -> pool.room() == 0)) {
            notifier.ready();
        }
    }

    /** Somebody may want something of operations that run here. */
    public void stepsMayBeUnwanted() {
        if (!runner.running().isEmpty()) {
            heartbeatThread.wake();
        }
    }

    /** A step says how far it is. Shown with a heartbeat: an extra one, but no more than that often. */
    private void noteProgress() {
        long now = System.nanoTime();
        long last = notedAt.get();
        if (now - last > NOTE_PACE_NANOS && notedAt.compareAndSet(last, now)) {
            heartbeatThread.wake();
        }
    }

    /** Some work is ready in a while. */
    private void workIsReadyIn(Duration delay) {
        if (schedule.expect(delay)) {
            scheduleThread.wake();
        }
    }

    /** Somebody paused something, or lets it go on. */
    public void pausesChanged() {
        parkThread.wake();
    }

    /** Some work has a time, and it is not known which: the schedule looks for itself. */
    public void workIsScheduled() {
        workIsReadyIn(Duration.ZERO);
    }

    /**
     * Stops claiming, lets running steps end within the grace period, interrupts the others, records what ended and gives
     * back what did not run. If it never started, only listeners hear the rest; a second call waits for the first one.
     *
     * <p>An interrupt of the caller ends the grace period and nothing else. A step that calls this does not wait, since
     * everything else waits for that step.
     */
    public void stop() {
        Thread thread = stopThread();
        if (thread == null) {
            stopTelling();
            return;
        }
        if (runner.isRunningOn(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        long end = System.nanoTime() + config.gracePeriod().plus(STOP_LIMIT).toNanos();
        for (long left = end - System.nanoTime(); left > 0 && thread.isAlive(); left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
                hurried = true;
            }
        }
        if (thread.isAlive()) {
            log.warn("The stop takes too long and goes on in the background; is the database away?");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that a process does beside its calls where nothing was ever started. */
    private void stopTelling() {
        try {
            events.close(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        notifier.close();
    }

    /** The thread that stops all others, started by the first call; null where there is nothing to stop. */
    private synchronized @Nullable Thread stopThread() {
        if (state == State.STARTED) {
            stopping = true;
            running = false;
            lease.endWaiting();
            stopThread = new Thread(this::stopInOrder, "backops-stop");
            // Where nobody waits for it, it keeps the JVM alive itself.
            stopThread.setDaemon(!runner.isRunningOn(Thread.currentThread()));
            stopThread.start();
        }
        state = State.STOPPED;
        return stopThread;
    }

    private void stopInOrder() {
        try {
            claimThread.stop();
            background.forEach(LoopThread::stop);
            // In the middle of a build it takes as long as that takes; nobody waits for it.
            indexThread.stop();
            claimThread.join(LAST_WORDS);
            unused.addAll(buffer.stop());
            // Beside the others, since it may have to wait for a connection as long as the pool likes.
            Thread giveBack = new Thread(this::giveBackUnused, "backops-give-back");
            giveBack.setDaemon(true);
            giveBack.start();
            stopSteps();
            runner.close();
            journals.forEach(Journal::finish);
            for (Journal journal : journals) {
                journal.close(LAST_WORDS);
            }
            heartbeatThread.stop();
            heartbeatThread.join(LAST_WORDS);
            for (LoopThread thread : background) {
                thread.join(LAST_WORDS);
            }
            giveBack.join(LAST_WORDS.toMillis());
            giveBackUnused();
            leave();
            events.close(LAST_WORDS);
            notifier.ready();
            notifier.close();
        } catch (InterruptedException e) {
            // Nobody but us knows this thread.
            log.warn("The stop was interrupted; what is not recorded yet will run again", e);
        }
    }

    private void stopSteps() throws InterruptedException {
        long end = System.nanoTime() + config.gracePeriod().toNanos();
        while (!hurried && System.nanoTime() - end < 0) {
            if (buffer.awaitEnd(STOP_PACE)) {
                return;
            }
        }
        if (buffer.awaitEnd(Duration.ZERO)) {
            return;
        }
        log.warn("Steps of operations {} outlast the grace period and are interrupted", runner.running());
        interrupting = true;
        runner.interruptAll();
        buffer.interrupt();
        if (!buffer.awaitEnd(LAST_WORDS)) {
            log.error(
                    "Steps of operations {} ignore their interrupt; others take them once the lease is over",
                    runner.running());
        }
    }

    private void giveBackUnused() {
        Map<Long, List<Execution>> byWorker = new HashMap<>();
        for (Execution one = nextUnused(); one != null; one = nextUnused()) {
            byWorker.computeIfAbsent(one.worker(), unseen -> new ArrayList<>()).add(one);
        }
        byWorker.forEach((worker, executions) -> giveBack(stores.work()::giveBack, worker, executions));
    }

    private @Nullable Execution nextUnused() {
        Execution one = unused.poll();
        return one == null ? stranded.poll() : one;
    }

    /** Gives back what had better not wait here, then claims. */
    private Duration claim() {
        stranded.addAll(buffer.takeStranded());
        if (!stranded.isEmpty() && lease.held(lease.worker())) {
            stranded.stream().collect(Collectors.groupingBy(Execution::worker)).forEach(this::passOn);
        }
        return claims.runOnce();
    }

    /** If no answer comes, they are neither run nor let go: somebody else may have them. It is tried again then. */
    private void passOn(long worker, List<Execution> executions) {
        if (giveBack(stores.work()::giveBackPatiently, worker, executions)) {
            stranded.removeAll(executions);
            executions.forEach(execution -> buffer.release(execution.id()));
            notifier.ready();
        }
    }

    /** Gives operations back untouched; false if that cannot be done now. */
    private boolean giveBack(GiveBack way, long worker, List<Execution> executions) {
        try {
            events.repaired(database.inTransaction(handle -> way.giveBack(
                    handle,
                    worker,
                    executions.stream().map(Execution::id).toList(),
                    executions.stream().map(Execution::token).toList())));
            return true;
        } catch (RuntimeException e) {
            log.warn("{} operations could not be given back; others take them later", executions.size(), e);
            return false;
        }
    }

    /** Takes this worker off the list, unless a step still runs under its lease. */
    private void leave() {
        try {
            database.inTransaction(handle -> stores.workers().forget(handle, List.of(lease.worker())));
        } catch (RuntimeException e) {
            log.warn("Worker {} could not sign off; its lease ends by itself", lease.worker(), e);
        }
    }

    /** Runs one step; the body of the threads of the buffer. */
    private void run(Execution execution) {
        StepOutcome outcome;
        try {
            if (!mayRun(execution)) {
                return;
            }
            events.started(execution);
            outcome = runner.run(execution);
        } catch (RuntimeException | Error e) {
            strand(execution, e);
            return;
        }
        if (outcome instanceof StepOutcome.ToRecord toRecord) {
            buffer.measured(execution.id(), toRecord.entry().ranForNanos());
            if (interrupting && toRecord.entry().kind() != JournalEntry.Kind.FINISHED) {
                // A stop is not an attempt.
                unused.add(execution);
            } else {
                record(toRecord.entry());
            }
        } else if (outcome instanceof StepOutcome.Recorded recorded) {
            buffer.measured(execution.id(), recorded.entry().ranForNanos());
            settled.recorded(recorded.entry(), recorded.state());
        } else {
            putAside(execution);
        }
    }

    /** Whether to run it now; if not, it is in other hands. */
    private boolean mayRun(Execution execution) {
        if (stopping) {
            unused.add(execution);
            return false;
        }
        try {
            if (!lease.await(execution.worker())) {
                putAside(execution);
                return false;
            }
        } catch (InterruptedException e) {
            // By a stop, or by a step before that has left somebody behind who interrupts its thread.
            start(execution);
            return false;
        }
        if (parking.isPaused(execution.definition().storedName(), buffer.queue(execution.id()))) {
            // If it was claimed nevertheless, the pause was lifted elsewhere: this process is to hear of that before it
            // claims the operation again and again.
            stranded.add(execution);
            parkThread.wake();
            claimThread.wake();
            return false;
        }
        return true;
    }

    /** Leaves an operation that cannot go on here and now to others, or to this process in a while. */
    private void strand(Execution execution, Throwable error) {
        stranded.add(execution);
        log.error("Operation {} cannot go on in this process now and is given back", execution.id(), error);
        claimThread.wake();
    }

    /** Does not run it: under this claim no more, or in this process no more. */
    private void putAside(Execution execution) {
        if (stopping) {
            unused.add(execution);
        } else {
            buffer.release(execution.id());
        }
    }

    private void buried(long worker) {
        runner.interrupt(worker);
        workIsReady();
    }

    private void start(Execution execution) {
        if (!buffer.ready(execution)) {
            unused.add(execution);
        }
    }

    private void letGo(Execution execution) {
        buffer.release(execution.id());
        if (claims.wantsMore()) {
            claimThread.wake();
        }
    }

    /** A way to give operations back; returns those that are cancelled by that. */
    @FunctionalInterface
    private interface GiveBack {

        List<Long> giveBack(Handle handle, long worker, List<Long> ids, List<Integer> tokens);
    }

    /** What follows from a claim. */
    private void record(JournalEntry entry) {
        // An operation has one entry at a time, so nothing of it can overtake.
        journals.get(Math.floorMod(entry.run().id(), JOURNALS)).add(entry);
    }

    private final class Found implements ClaimLoop.Listener {

        @Override
        public void claimed(Execution execution) {
            start(execution);
        }

        @Override
        public void unusable(Execution execution, String reason) {
            log.error("Operation {} cannot be run: {}", execution.id(), reason);
            ErrorReport report = ErrorReport.plain("dev.backops.StoredValueException", reason);
            record(new JournalEntry(new Transition.Fail(execution, report), 0, System.nanoTime()));
        }

        @Override
        public void cancelled(List<Long> ids) {
            events.repaired(ids);
        }

        @Override
        public void nextDueIn(Duration delay) {
            workIsReadyIn(delay);
        }
    }

    /** What follows from a record. */
    private final class Settled implements Journal.Settlement {

        @Override
        public void recorded(JournalEntry entry, String state) {
            try {
                events.recorded(entry, state);
            } catch (RuntimeException | Error e) {
                log.error(
                        "Listeners do not hear of a step of operation {}",
                        entry.run().id(),
                        e);
            }
            goOn(entry.transition(), state);
        }

        private void goOn(Transition transition, String state) {
            boolean running = state.equals(Journal.RUNNING);
            buffer.acquit(transition.run().id());
            if (running && transition instanceof Transition.Proceed proceed) {
                startOrStrand(proceed.next());
                return;
            }
            if (running && transition instanceof Transition.Compensate compensate) {
                startOrStrand(compensate.next());
                return;
            }
            letGo(transition.run());
            if (transition instanceof Transition.RetryIn retry) {
                workIsReadyIn(retry.delay());
            } else if (transition instanceof Transition.Proceed proceed) {
                workIsReadyIn(proceed.time().untilLook(clock.instant()));
            } else if (transition instanceof Transition.Compensate compensate) {
                workIsReadyIn(compensate.time().untilLook(clock.instant()));
            }
            // Whoever waits looks for itself whether this was the end.
            completions.ended(transition.run().id());
        }

        private void startOrStrand(Execution next) {
            try {
                start(next);
            } catch (RuntimeException | Error e) {
                strand(next, e);
            }
        }

        @Override
        public void lost(Execution run) {
            log.warn("Operation {} was taken over by another worker; what it did here is not recorded", run.id());
            letGo(run);
        }
    }
}
