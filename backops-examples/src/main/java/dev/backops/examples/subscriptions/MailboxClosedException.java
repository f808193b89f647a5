package dev.backops.examples.subscriptions;

/** The mail server of the customer knows no such mailbox, today or tomorrow. */
public final class MailboxClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MailboxClosedException(String message) {
        super(message);
    }
}
