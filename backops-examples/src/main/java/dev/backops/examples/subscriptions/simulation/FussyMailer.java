package dev.backops.examples.subscriptions.simulation;

import dev.backops.examples.subscriptions.MailServerBusyException;
import dev.backops.examples.subscriptions.MailboxClosedException;
import dev.backops.examples.subscriptions.Mailer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Mail servers of customers. Those of {@code example.net} send everybody away once, as a measure against spam; those of
 * {@code closed.example.com} have no mailboxes any more; others take what comes.
 */
public final class FussyMailer implements Mailer {

    private static final Duration SENDING_TIME = Duration.ofMillis(25);

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public void send(String address, String subject, String text) {
        Latency.simulate(SENDING_TIME, address);
        if (address.endsWith("@closed.example.com")) {
            throw new MailboxClosedException("550 5.1.1 No such mailbox here");
        }
        if (address.endsWith("@example.net") && known.add(address)) {
            throw new MailServerBusyException("451 4.7.1 Greylisted, please try again later");
        }
    }
}
