package demo;

import dev.backops.codegen.Field;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import java.time.Instant;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * The params of a {@link Fulfillment}, and what its steps have returned so far.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
public final class FulfillmentContext {
    static final Field<Long> SUBSCRIPTION_ID = Field.required("subscriptionId", Types.LONG);

    static final Field<Instant> RENEWS_AT = Field.nullable("renewsAt", Types.INSTANT);

    static final Field<String> TRANSACTION_ID = Field.nullable("transactionId", Types.STRING);

    static final Field<String> NOTE = Field.nullable("note", Types.STRING);

    private final Values values;

    FulfillmentContext(Values values) {
        this.values = values;
    }

    /**
     * The context of an operation that has not run yet, for tests that call steps directly.
     */
    public static FulfillmentContext of(Fulfillment.Params params) {
        return new FulfillmentContext(values(params));
    }

    static Values values(Fulfillment.Params params) {
        return Values.of(SUBSCRIPTION_ID, params.subscriptionId())
                .and(RENEWS_AT, params.renewsAt());
    }

    /**
     * The param {@code subscriptionId}.
     */
    public long subscriptionId() {
        return values.get(SUBSCRIPTION_ID);
    }

    /**
     * The param {@code renewsAt}; null if it was enqueued without.
     */
    public @Nullable Instant renewsAt() {
        return values.orNull(RENEWS_AT);
    }

    /**
     * What {@link Fulfillment#chargeCreditCard chargeCreditCard} returned, if it is set.
     */
    public Optional<String> transactionId() {
        return values.find(TRANSACTION_ID);
    }

    /**
     * What {@link Fulfillment#chargeCreditCard chargeCreditCard} returned, if it is set.
     */
    public Optional<String> note() {
        return values.find(NOTE);
    }
}
