package demo;

import dev.backops.codegen.Field;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Generated;

/**
 * The params of a {@link Renewal}, and what its steps have returned so far.
 */
@Generated("dev.backops.processor.BackOpsProcessor")
final class RenewalContext {
    static final Field<Renewal.CustomerId> CUSTOMER_ID = Field.required("customerId",
            Types.wrapper(Types.LONG, Renewal.CustomerId::value, Renewal.CustomerId::new))
            .formerly("userId")
            .indexed();

    static final Field<YearMonth> MONTH = Field.required("month", Types.YEAR_MONTH);

    static final Field<String> NOTE = Field.required("note", Types.STRING)
            .orElse("none");

    static final Field<String> IBAN = Field.required("iban", Types.STRING)
            .erasedAtEnd();

    static final Field<List<Renewal.CardNumber>> CARDS = Field.required("cards",
            Types.listOf(Types.wrapper(Types.STRING, Renewal.CardNumber::digits,
            Renewal.CardNumber::new)))
            .sensitive();

    static final Field<String> LOGIN_USER = Field.required("loginUser", Types.STRING)
            .formerly("loginName", "sessionUser", "sessionName");

    static final Field<String> LOGIN_TOKEN = Field.required("loginToken", Types.STRING)
            .formerly("sessionToken")
            .erasedAtEnd();

    static final Field<String> RECEIPT = Field.required("receipt", Types.STRING)
            .formerly("transactionId")
            .sensitive();

    static final Field<Integer> BOOKINGS = Field.required("bookings", Types.INT);

    private final Values values;

    RenewalContext(Values values) {
        this.values = values;
    }

    /**
     * The context of an operation that has not run yet, for tests that call steps directly.
     */
    public static RenewalContext of(Renewal.Params params) {
        return new RenewalContext(values(params));
    }

    static Values values(Renewal.Params params) {
        return Values.of(CUSTOMER_ID, params.customerId())
                .and(MONTH, params.month())
                .and(NOTE, params.note())
                .and(IBAN, params.iban())
                .and(CARDS, params.cards());
    }

    /**
     * The param {@code customerId}.
     */
    public Renewal.CustomerId customerId() {
        return values.get(CUSTOMER_ID);
    }

    /**
     * The param {@code month}.
     */
    public YearMonth month() {
        return values.get(MONTH);
    }

    /**
     * The param {@code note}.
     */
    public String note() {
        return values.get(NOTE);
    }

    /**
     * The param {@code iban}.
     */
    public String iban() {
        return values.get(IBAN);
    }

    /**
     * The param {@code cards}.
     */
    public List<Renewal.CardNumber> cards() {
        return values.get(CARDS);
    }

    /**
     * What {@link Renewal#logIn logIn} returned, if it is set.
     */
    public Optional<String> loginUser() {
        return values.find(LOGIN_USER);
    }

    /**
     * What {@link Renewal#logIn logIn} returned, if it is set.
     */
    public Optional<String> loginToken() {
        return values.find(LOGIN_TOKEN);
    }

    /**
     * What {@link Renewal#charge charge} returned, if it is set.
     */
    public Optional<String> receipt() {
        return values.find(RECEIPT);
    }

    /**
     * What {@link Renewal#book book} returned, if it is set.
     */
    public Optional<Integer> bookings() {
        return values.find(BOOKINGS);
    }
}
