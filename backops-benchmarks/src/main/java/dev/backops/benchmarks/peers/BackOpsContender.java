package dev.backops.benchmarks.peers;

import dev.backops.BackOps;
import dev.backops.codegen.OperationSteps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** BackOps as it comes, but for the number of steps at a time. */
final class BackOpsContender implements Contender {

    /* Of the one definition that is stored. */
    private static final String ADD_FINISHED = """
            WITH added AS (
              INSERT INTO backops.operation
                (definition, name, params, steps_done, outcome, created_at, finished_at)
              SELECT d.id, d.name, jsonb_build_object('number', n), 3, 'completed', at, at
              FROM backops.definition d, generate_series(1, ?) AS n,
                LATERAL (SELECT now() - n * interval '1 millisecond' AS at) AS time
              RETURNING id, created_at)
            INSERT INTO backops.step (operation_id, started_at, finished_at, worker, seq, token, attempts, name, status)
            SELECT id, created_at, created_at, 1, seq, 1, 1, 'step' || seq + 1, 'completed'
            FROM added, generate_series(0, 2) AS seq
            """;

    private final BackOps backOps;
    private final LongConsumer enqueue;
    private final Bulk bulk;
    private final OperationSteps operationSteps;

    BackOpsContender(DataSource pool, Steps steps) {
        backOps = BackOps.builder(pool).concurrency(steps.job().concurrency()).build();
        switch (steps.job()) {
            case THREE, WAITING, FAILING -> {
                ThreeStepsOperation operation = ThreeStepsOperation.on(backOps);
                enqueue = operation::enqueue;
                bulk = (numbers, delay) -> operation.after(delay).enqueueAll(each(numbers, ThreeSteps.Params::new));
                operationSteps = ThreeStepsOperation.steps(new ThreeSteps(steps));
            }
            case TEN -> {
                TenStepsOperation operation = TenStepsOperation.on(backOps);
                enqueue = operation::enqueue;
                bulk = (numbers, delay) -> operation.after(delay).enqueueAll(each(numbers, TenSteps.Params::new));
                operationSteps = TenStepsOperation.steps(new TenSteps(steps));
            }
            case OUTPUTS -> {
                LargeOutputsOperation operation = LargeOutputsOperation.on(backOps);
                enqueue = operation::enqueue;
                bulk = (numbers, delay) -> operation.after(delay).enqueueAll(each(numbers, LargeOutputs.Params::new));
                operationSteps = LargeOutputsOperation.steps(new LargeOutputs(steps));
            }
            case TRANSACTIONAL -> {
                TransactionalStepsOperation operation = TransactionalStepsOperation.on(backOps);
                enqueue = operation::enqueue;
                bulk = (numbers, delay) ->
                        operation.after(delay).enqueueAll(each(numbers, TransactionalSteps.Params::new));
                operationSteps = TransactionalStepsOperation.steps(new TransactionalSteps(steps));
            }
            default -> throw new IllegalArgumentException("No operation for " + steps.job());
        }
    }

    /** Adds operations of three steps that are over, as if they had run. */
    static void addFinished(Connection connection, int count) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD_FINISHED)) {
            add.setInt(1, count);
            add.execute();
        }
    }

    BackOps backOps() {
        return backOps;
    }

    @Override
    public void enqueue(long number) {
        enqueue.accept(number);
    }

    @Override
    public void enqueueAll(long first, int count, Duration delay) {
        bulk.enqueueAll(LongStream.range(first, first + count), delay);
    }

    @Override
    public void start() {
        backOps.register(operationSteps);
        backOps.start();
    }

    @Override
    public String pending() {
        return "backops.work";
    }

    @Override
    public String recorded() {
        return "backops.step WHERE status = 'completed'";
    }

    @Override
    public void close() {
        backOps.close();
    }

    private static <P> List<P> each(LongStream numbers, LongFunction<P> params) {
        return numbers.mapToObj(params).toList();
    }

    private interface Bulk {
        void enqueueAll(LongStream numbers, Duration delay);
    }
}
