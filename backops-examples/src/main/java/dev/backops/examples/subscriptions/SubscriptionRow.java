package dev.backops.examples.subscriptions;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the fields of a row into the params of an operation. */
final class SubscriptionRow {

    static final List<String> COLUMNS =
            List.of("subscription_id", "email", "plan", "amount", "currency", "card", "renews_on");

    private static final Pattern ID = Pattern.compile("-?\\d{1,18}");
    private static final Pattern EMAIL = Pattern.compile("[\\w.+-]{1,64}@[\\w-]+(\\.[\\w-]+)+");
    private static final Pattern AMOUNT = Pattern.compile("-?\\d{1,12}(\\.\\d{1,4})?");
    private static final Pattern CARD = Pattern.compile("[a-z]{1,20}-\\d{4}");
    private static final int MAX_SHOWN = 40;

    private SubscriptionRow() {}

    /**
     * Parses a row.
     *
     * @param field gives the value of a column by its place in {@link #COLUMNS}
     * @throws IllegalArgumentException if a value is none, with the reason as its message
     */
    static Fulfillment.Params parse(IntFunction<String> field) {
        return new Fulfillment.Params(
                Long.parseLong(matching(ID, "a whole number", 0, field)),
                matching(EMAIL, "an address like ada@example.com", 1, field),
                plan(field.apply(2)),
                new BigDecimal(matching(AMOUNT, "an amount like 29.00", 3, field)),
                currency(field.apply(4)),
                matching(CARD, "a token like visa-4242", 5, field),
                date(field.apply(6)));
    }

    /** A value as a message shows it: short, and without anything that a terminal would obey. */
    static String shown(String value) {
        String visible = value.replaceAll("\\P{Print}", "?");
        return '"' + (visible.length() <= MAX_SHOWN ? visible : visible.substring(0, MAX_SHOWN) + "...") + '"';
    }

    private static String matching(Pattern pattern, String expected, int column, IntFunction<String> field) {
        String value = field.apply(column);
        if (!pattern.matcher(value).matches()) {
            throw mustBe(COLUMNS.get(column), expected, value);
        }
        return value;
    }

    private static Plan plan(String value) {
        return Arrays.stream(Plan.values())
                .filter(plan -> plan.name().equals(value.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> mustBe(
                        "plan", Arrays.stream(Plan.values()).map(Plan::name).collect(Collectors.joining(", ")), value));
    }

    private static Currency currency(String value) {
        try {
            return Currency.getInstance(value);
        } catch (IllegalArgumentException e) {
            throw mustBe("currency", "a code like EUR", value);
        }
    }

    private static LocalDate date(String value) {
        try {
            return LocalDate.parse(value);
        } catch (DateTimeParseException e) {
            throw mustBe("renews_on", "a date like 2027-05-01", value);
        }
    }

    private static IllegalArgumentException mustBe(String column, String expected, String value) {
        return new IllegalArgumentException(
                column + (value.isEmpty() ? " is missing" : " must be " + expected + ", but is " + shown(value)));
    }
}
