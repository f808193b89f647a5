package dev.backops.internal.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Statements by which processes tell each other of work: {@code LISTEN} and {@code NOTIFY}. */
public final class SignalStore {

    /** There is work to claim. */
    public static final String READY = "ready";

    /** There is work with a time of its own. */
    public static final String SCHEDULED = "scheduled";

    private static final String LISTEN = """
            LISTEN ${schema}_work
            """;

    private static final String UNLISTEN = """
            UNLISTEN ${schema}_work
            """;

    private static final String NOTIFY = """
            SELECT pg_notify('${schema}_work', :signal)
            """;

    /* The lock that NOTIFY takes, one for all databases of the server, is worth it only where somebody sleeps. */
    private static final String NOTIFY_IDLE = """
            SELECT count(pg_notify('${schema}_work', :signal)) FROM (
              SELECT FROM ${schema}.worker WHERE idle AND lease_end > now() LIMIT 1) AS sleeper
            """;

    private final String listen;
    private final String unlisten;
    private final String notify;
    private final String notifyIdle;

    public SignalStore(Schema schema) {
        listen = schema.in(LISTEN);
        unlisten = schema.in(UNLISTEN);
        notify = schema.in(NOTIFY);
        notifyIdle = schema.in(NOTIFY_IDLE);
    }

    /** Begins to listen on the connection, as long as that is open. */
    public void listen(Handle handle) {
        handle.execute(listen);
    }

    /** Ends listening, before the connection goes back to its pool. */
    public void unlisten(Handle handle) {
        handle.execute(unlisten);
    }

    /** Sends a signal to all who listen, the connection itself included. */
    public void send(Handle handle, String signal) {
        handle.createQuery(notify).bind("signal", signal).mapTo(String.class).list();
    }

    /** Sends a signal if there is an idle worker; in a transaction of its own, after the commit of what it is about. */
    public void sendToIdle(Handle handle, String signal) {
        handle.createQuery(notifyIdle).bind("signal", signal).mapTo(Long.class).one();
    }

    /**
     * Waits for signals on a listening connection, which sends nothing to the server; empty if none came within
     * {@code limit}.
     */
    public List<String> await(Handle handle, Duration limit) {
        try {
            PGNotification[] come =
                    handle.getConnection().unwrap(PGConnection.class).getNotifications((int) limit.toMillis());
            return come == null
                    ? List.of()
                    : Stream.of(come).map(PGNotification::getParameter).toList();
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException("Waiting for signals failed", e, null);
        }
    }
}
