package dev.backops.examples.subscriptions;

/** The mail server of the customer wants to be asked again later. */
public final class MailServerBusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MailServerBusyException(String message) {
        super(message);
    }
}
