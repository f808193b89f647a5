package dev.backops.internal.engine;

import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Values;
import dev.backops.internal.json.Json;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.JournalStore;
import dev.backops.internal.store.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What an operation costs beside its statements: the JSON of its params, its transitions, its way through the journal. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EngineBenchmark {

    private static final int BATCH = 1_000;

    private static final Parcel.Params PARAMS = new Parcel.Params(
            42,
            new UUID(1, 2),
            Parcel.Service.EXPRESS,
            new BigDecimal("12.50"),
            Instant.parse("2026-01-01T10:00:00Z"),
            List.of("a book", "a lamp"));

    private final String stored = Json.write(ParcelContext.values(PARAMS).json());
    private final Execution first = execution(1);
    private final Execution last = first.next(first.definition().step("collect"), Map.of("label", "label-42"))
            .next(first.definition().step("deliver"), Map.of("label", "label-42"));
    private final StepResult label = StepResult.of(ParcelContext.LABEL, "label-42");

    private final List<JournalEntry> entries = LongStream.range(1, BATCH + 1)
            .mapToObj(id -> new JournalEntry(Transitions.finished(execution(id), label), 1_000, System.nanoTime()))
            .toList();
    private final Semaphore recorded = new Semaphore(0);
    private final Journal journal = new Journal(
            "journal",
            new Database(AgreeableDatabase.dataSource()).session(),
            new JournalStore(new Schema("backops")),
            new Count());

    /** Runs the benchmarks; takes the options of JMH. */
    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        CommandLineOptions options = new CommandLineOptions(arguments);
        ChainedOptionsBuilder run = new OptionsBuilder().parent(options);
        if (options.getIncludes().isEmpty()) {
            run.include(EngineBenchmark.class.getName());
        }
        new Runner(run.build()).run();
    }

    @Setup
    public void startJournal() {
        journal.start();
    }

    @TearDown
    public void closeJournal() throws InterruptedException {
        journal.close(Duration.ofSeconds(5));
    }

    /** At the enqueue. */
    @Benchmark
    public String writeParams() {
        return Json.write(ParcelContext.values(PARAMS).json());
    }

    /** At the claim, and in the steps. */
    @Benchmark
    public long readParams() {
        ParcelContext context = new ParcelContext(Values.ofJson(Json.readObject(stored)));
        return context.number()
                + context.customer().hashCode()
                + context.service().hashCode()
                + context.weight().hashCode()
                + context.promised().hashCode()
                + context.items().size();
    }

    @Benchmark
    public Object transition() {
        return Transitions.finished(first, label);
    }

    @Benchmark
    public Object lastTransition() {
        return Transitions.finished(last, StepResult.none());
    }

    /** One entry of a thousand that are written together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void journalEntry() throws InterruptedException {
        entries.forEach(journal::add);
        await(BATCH);
    }

    /** One entry alone, from the thread of the step to that of the journal and back. */
    @Benchmark
    public void loneJournalEntry() throws InterruptedException {
        journal.add(entries.get(0));
        await(1);
    }

    private void await(int count) throws InterruptedException {
        if (!recorded.tryAcquire(count, 1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The journal does not record; its log says why");
        }
    }

    private static Execution execution(long id) {
        OperationSteps code = ParcelOperation.steps(new Parcel());
        Flow flow = DefinitionJson.flow(DefinitionJson.steps(code.definition()));
        Set<String> values = new HashSet<>(DefinitionJson.values(
                DefinitionJson.params(code.definition()), DefinitionJson.steps(code.definition())));
        StoredNames names = StoredNames.of(flow, values, code.definition());
        StoredDefinition definition = new StoredDefinition(1, "benchmarks.parcel", flow.named(names), names, code);
        return new Execution(
                id,
                /* worker= */ 7,
                /* token= */ 1,
                definition,
                definition.step("label"),
                /* seq= */ 0,
                /* failedAttempts= */ 0,
                ParcelContext.values(PARAMS).json(),
                Map.of(),
                /* lastMain= */ null,
                /* past= */ null,
                /* compensating= */ false);
    }

    /** Counts what is recorded. */
    private final class Count implements Journal.Settlement {

        @Override
        public void recorded(JournalEntry entry, String state) {
            recorded.release();
        }

        @Override
        public void lost(Execution run) {
            throw new IllegalStateException("Nothing gets lost here");
        }
    }
}
