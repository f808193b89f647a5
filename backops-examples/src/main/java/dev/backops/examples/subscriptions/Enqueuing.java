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

/** Enqueues an operation for each row of a file, unless an earlier run did. */
final class Enqueuing {

    private final Map<Long, Long> operationOfSubscription = new LinkedHashMap<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private int added;

    private Enqueuing() {}

    static Enqueuing of(SubscriptionFile file, FulfillmentOperation fulfillments, StopSignal stop) {
        Enqueuing enqueuing = new Enqueuing();
        for (Row row : file.rows()) {
            stop.check();
            enqueuing.add(row, fulfillments);
        }
        return enqueuing;
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

    int added() {
        return added;
    }

    private void add(Row row, FulfillmentOperation fulfillments) {
        long subscription = row.params().subscriptionId();
        try {
            Enqueued one = enqueue(row.params(), fulfillments);
            operationOfSubscription.put(subscription, one.id());
            added += one.added() ? 1 : 0;
        } catch (KeyConflictException e) {
            rejected.add(new Rejected(
                    row.line(), "the subscription " + subscription + " was enqueued before, with other values"));
        }
    }

    /** The key makes it harmless to enqueue a subscription again: the answer is the operation that is there. */
    private static Enqueued enqueue(Fulfillment.Params params, FulfillmentOperation fulfillments) {
        return fulfillments
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
