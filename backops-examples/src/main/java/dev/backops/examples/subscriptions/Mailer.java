package dev.backops.examples.subscriptions;

/** Sends mail. Nothing makes that happen exactly once: after a crash at the wrong moment a mail is sent again. */
public interface Mailer {

    /**
     * Sends a text to an address.
     *
     * @throws MailboxClosedException if nobody reads mail there any more
     * @throws MailServerBusyException if the server wants to be asked again later
     */
    void send(String address, String subject, String text);
}
