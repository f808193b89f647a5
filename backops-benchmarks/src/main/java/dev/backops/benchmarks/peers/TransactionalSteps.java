package dev.backops.benchmarks.peers;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.sql.Connection;
import java.sql.SQLException;

/** Three steps of BackOps that write to the database in the transaction that records them. */
@Operation("benchmarks.transactional-steps")
class TransactionalSteps {

    record Params(long number) {}

    private final Steps steps;

    TransactionalSteps(Steps steps) {
        this.steps = steps;
    }

    @Step
    void step1(long number, Connection connection) throws SQLException, InterruptedException {
        steps.run(number, 1, connection);
    }

    @Step
    void step2(long number, Connection connection) throws SQLException, InterruptedException {
        steps.run(number, 2, connection);
    }

    @Step
    void step3(long number, Connection connection) throws SQLException, InterruptedException {
        steps.run(number, 3, connection);
    }
}
