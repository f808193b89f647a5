package dev.backops.examples.subscriptions;

/** What one may ask about the operations, in SQL on the public views; printed as it is run. */
final class Question {

    static final String BY_STATUS = """
            SELECT status, count(*) AS operations FROM backops.operations
            WHERE name = 'subscriptions.fulfillment' GROUP BY status ORDER BY status;
            """;

    static final String FAILURES = """
            SELECT f.step,
              regexp_replace(f.error_class, '.*\\.|Exception$', '', 'g') AS error,
              count(*) AS attempts,
              count(DISTINCT u.id) FILTER (WHERE u.status = 'failed') AS failed,
              regexp_replace(f.frame, '.*\\.(.+\\..+)\\(.*:(.*)\\)', '\\1:\\2') AS first_frame
            FROM backops.failures f LEFT JOIN backops.unfinished u ON u.id = operation_id
            WHERE operation = 'subscriptions.fulfillment'
            GROUP BY f.step, error, first_frame ORDER BY f.step, attempts DESC;
            """;

    static final String LEDGER = """
            SELECT count(*) AS charges, count(DISTINCT reference) AS subscriptions,
              sum(requests) AS requests
            FROM gateway.charge;
            """;

    private static final String OPERATION = """
            SELECT status, steps_done || '/' || steps_planned AS steps,
              jsonb_pretty(context) AS context
            FROM backops.operations
            WHERE name = 'subscriptions.fulfillment'
              AND context @> '{"subscriptionId": %d}';
            """;

    private static final String STACK_TRACES = """
            SELECT step, attempt, stack_trace FROM backops.failures WHERE operation_id = %d;
            """;

    private Question() {}

    /** What became of a subscription. */
    static String operation(long subscriptionId) {
        return OPERATION.formatted(subscriptionId);
    }

    /** Everything that went wrong with an operation. */
    static String stackTraces(long operationId) {
        return STACK_TRACES.formatted(operationId);
    }
}
