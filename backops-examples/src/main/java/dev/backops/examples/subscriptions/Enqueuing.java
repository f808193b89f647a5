package dev.backops.examples.subscriptions;

import dev.backops.Enqueued;
import dev.backops.KeyConflictException;
import dev.backops.examples.subscriptions.SubscriptionFile.Rejected;
import dev.backops.examples.subscriptions.SubscriptionFile.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Enqueues an operation for each row of a file, unless an earlier run did. */
final class Enqueuing {

    /** So many rows share a commit: fewer would wait longer for the disk, more would be lost with a killed run. */
    private static final int CHUNK = 50;

    private final FulfillmentOperation fulfillments;
    private final Map<Long, Long> operationOfSubscription = new LinkedHashMap<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private int added;

    Enqueuing(FulfillmentOperation fulfillments) {
        this.fulfillments = fulfillments;
    }

    /** Enqueues all rows. Whatever moment this is cut off at, the next run adds what is missing. */
    void enqueue(List<Row> rows, Jdbi jdbi, ProgressDisplay display, StopSignal stop) {
        for (int from = 0; from < rows.size(); from += CHUNK) {
            stop.check();
            List<Row> chunk = rows.subList(from, Math.min(rows.size(), from + CHUNK));
            jdbi.useTransaction(handle -> chunk.forEach(row -> add(row, fulfillments.in(handle))));
            display.show(from + chunk.size(), remark());
        }
    }

    Map<Long, Long> operationOfSubscription() {
        return operationOfSubscription;
    }

    Set<Long> ids() {
        return Set.copyOf(operationOfSubscription.values());
    }

    List<Rejected> rejected() {
        return rejected;
    }

    private String remark() {
        int known = operationOfSubscription.size() - added;
        return known == 0 ? "" : known + " known from earlier runs";
    }

    private void add(Row row, FulfillmentOperation inTransaction) {
        long subscription = row.params().subscriptionId();
        try {
            Enqueued one = enqueue(row.params(), inTransaction);
            operationOfSubscription.put(subscription, one.id());
            added += one.added() ? 1 : 0;
        } catch (KeyConflictException e) {
            rejected.add(new Rejected(
                    row.line(), "the subscription " + subscription + " was enqueued before, with other values"));
        }
    }

    /** The key makes it harmless to enqueue a subscription again: the answer is the operation that is there. */
    private static Enqueued enqueue(Fulfillment.Params params, FulfillmentOperation inTransaction) {
        return inTransaction
                .key("subscription-" + params.subscriptionId())
                .with()
                .subscriptionId(params.subscriptionId())
                .email(params.email())
                .plan(params.plan())
                .amount(params.amount())
                .currency(params.currency())
                .card(params.card())
                .renewsOn(params.renewsOn())
                .enqueue();
    }
}
