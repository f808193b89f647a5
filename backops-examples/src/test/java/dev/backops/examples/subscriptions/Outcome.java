package dev.backops.examples.subscriptions;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** What a run has left in its database. */
final class Outcome {

    private final Jdbi jdbi;

    Outcome(DataSource dataSource) {
        this.jdbi = Jdbi.create(dataSource);
    }

    /** The status of the operation of each subscription. */
    Map<Long, String> statuses() {
        return byId("SELECT (params ->> 'subscriptionId')::bigint, status FROM backops.operations");
    }

    /** The transaction that the operation of each charged subscription knows. */
    Map<Long, String> transactions() {
        return byId("SELECT (params ->> 'subscriptionId')::bigint, outputs ->> 'transactionId' FROM backops.operations"
                + " WHERE outputs ? 'transactionId'".replace("?", "??"));
    }

    /** The transaction that the gateway's ledger knows for each charged subscription; fails if one was charged twice. */
    Map<Long, String> ledger() {
        return byId("SELECT substring(reference FROM '[0-9]+')::bigint, 'TX-' || transaction FROM gateway.charge");
    }

    /** Steps that are recorded more than once. */
    List<String> repeatedSteps() {
        return texts("SELECT operation_id || ' ' || name FROM backops.steps WHERE status = 'completed'"
                + " GROUP BY operation_id, name HAVING count(*) > 1");
    }

    /** The steps of the operations that are completed, each with how many of them have it. */
    List<String> stepsOfCompleted() {
        return texts("SELECT s.name || ' ' || count(*) FROM backops.steps s JOIN backops.operations o"
                + " ON o.id = s.operation_id WHERE o.status = 'completed' GROUP BY s.name, s.seq ORDER BY s.seq");
    }

    /** What is to become of each row, by the rules of the gateway and the mail server. */
    static Map<Long, String> expectedStatuses(SubscriptionFile file) {
        return file.rows().stream()
                .map(SubscriptionFile.Row::params)
                .collect(Collectors.toMap(
                        Fulfillment.Params::subscriptionId,
                        params -> isDeclined(params) || params.email().endsWith("@closed.example.com")
                                ? "failed"
                                : "completed",
                        (one, other) -> one,
                        TreeMap::new));
    }

    static List<Long> expectedCharges(SubscriptionFile file) {
        return file.rows().stream()
                .map(SubscriptionFile.Row::params)
                .filter(params -> !isDeclined(params))
                .map(Fulfillment.Params::subscriptionId)
                .toList();
    }

    private static boolean isDeclined(Fulfillment.Params params) {
        return params.card().matches(".*-(0002|0069|9995)");
    }

    private List<String> texts(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    private Map<Long, String> byId(String query) {
        return jdbi.withHandle(handle -> handle.createQuery(query)
                .map((row, context) -> Map.entry(row.getLong(1), row.getString(2)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
