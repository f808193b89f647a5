package dev.backops.examples.subscriptions;

/** The bank said no, and would say it again. */
public final class CardDeclinedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CardDeclinedException(String message) {
        super(message);
    }
}
