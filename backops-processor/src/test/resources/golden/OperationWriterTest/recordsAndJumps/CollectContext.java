package demo;

import dev.backops.codegen.Field;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import java.util.Optional;
import javax.annotation.processing.Generated;

/**
 * What the steps of a {@link Collect} have returned so far.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class CollectContext {
    static final Field<Long> ATTEMPT = Field.required("attempt", Types.LONG);

    static final Field<String> TRANSACTION_ID = Field.required("transactionId", Types.STRING);

    static final Field<Integer> CENTS = Field.required("cents", Types.INT);

    static final Field<String> NOTE = Field.nullable("note", Types.STRING);

    static final Field<Long> FEE_ID = Field.required("feeId", Types.LONG);

    static final Field<Integer> FEE_CENTS = Field.required("feeCents", Types.INT);

    static final Field<Collect.Again> AGAIN = Field.nullable("again",
            Types.enumOf("Again", Collect.Again.values()));

    static final Field<String> DISCOUNT_CODE = Field.nullable("discountCode", Types.STRING);

    private final Values values;

    CollectContext(Values values) {
        this.values = values;
    }

    /**
     * The context of an operation that has not run yet, for tests that call steps directly.
     */
    public static CollectContext of() {
        return new CollectContext(Values.none());
    }

    /**
     * What {@link Collect#collect collect} returned, if it is set.
     */
    public Optional<Long> attempt() {
        return values.find(ATTEMPT);
    }

    /**
     * What {@link Collect#charge charge} returned, if it is set.
     */
    public Optional<String> transactionId() {
        return values.find(TRANSACTION_ID);
    }

    /**
     * What {@link Collect#charge charge} returned, if it is set.
     */
    public Optional<Integer> cents() {
        return values.find(CENTS);
    }

    /**
     * What {@link Collect#charge charge} returned, if it is set.
     */
    public Optional<String> note() {
        return values.find(NOTE);
    }

    /**
     * What {@link Collect#fee fee} returned, if it is set.
     */
    public Optional<Long> feeId() {
        return values.find(FEE_ID);
    }

    /**
     * What {@link Collect#fee fee} returned, if it is set.
     */
    public Optional<Integer> feeCents() {
        return values.find(FEE_CENTS);
    }

    /**
     * What {@link Collect#check check} returned, if it is set.
     */
    public Optional<Collect.Again> again() {
        return values.find(AGAIN);
    }

    /**
     * What {@link Collect#discount discount} returned, if it is set.
     */
    public Optional<String> discountCode() {
        return values.find(DISCOUNT_CODE);
    }
}
