package dev.backops.examples.subscriptions;

/** The payment gateway did not answer: the card may have been charged or not. */
public final class GatewayTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public GatewayTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
