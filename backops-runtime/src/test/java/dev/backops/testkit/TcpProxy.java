package dev.backops.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A network between a client and PostgreSQL that breaks on request. Two threads carry the bytes of each connection.
 *
 * <p>Faults may be set off by what a client says: the texts of a fault must occur one after the other on one connection.
 * Data sources of this proxy always send the text of a statement, never the name of a prepared one.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final URI target;
    private final ServerSocket server;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Fault> fault = new AtomicReference<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private boolean frozen;

    private volatile @Nullable Listener listener;
    private volatile boolean refusing;
    private volatile Duration delay = Duration.ZERO;

    private TcpProxy(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept, "proxy-accept");
    }

    /** A proxy before the server of a JDBC URL. */
    public static TcpProxy before(String jdbcUrl) {
        try {
            return new TcpProxy(URI.create(jdbcUrl.substring("jdbc:".length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections through this proxy to the database of the URL. */
    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {server.getLocalPort()});
        dataSource.setDatabaseName(target.getPath().substring(1));
        dataSource.setUser("postgres");
        dataSource.setPrepareThreshold(0);
        return dataSource;
    }

    /** The same for another process. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + target.getPath()
                + "?user=postgres&prepareThreshold=0";
    }

    /** Resets every connection; new ones are welcome. */
    public void reset() {
        pairs.forEach(Pair::reset);
    }

    /** Resets every connection, and new ones at once. */
    public void refuse() {
        refusing = true;
        reset();
    }

    /** Lets connections in again. */
    public void accommodate() {
        refusing = false;
    }

    /** No byte passes any more, nor is any connection closed. */
    public void freeze() {
        lock.lock();
        try {
            frozen = true;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes pass again, those that wait first. */
    public void thaw() {
        lock.lock();
        try {
            frozen = false;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No byte passes any more on the present connections; new ones work. */
    public void abandon() {
        pairs.forEach(pair -> pair.abandoned = true);
    }

    /** Resets the connections on which no byte passes, as keep-alives do in the end. */
    public void resetAbandoned() {
        pairs.stream().filter(pair -> pair.abandoned).forEach(Pair::reset);
    }

    /** From now on every packet takes this long. */
    public void delay(Duration longer) {
        delay = longer;
    }

    /** PostgreSQL will get what contains the last of the texts, and its answer is lost together with the connection. */
    public Fault loseAnswerTo(String... texts) {
        return arm(new Fault(List.of(texts), pair -> pair.losing = true));
    }

    /** Everything freezes before PostgreSQL gets what contains the last of the texts. */
    public Fault freezeAt(String... texts) {
        return arm(new Fault(List.of(texts), pair -> freeze()));
    }

    /** Tells {@code heard} of the statements of each round trip; to be called before there is a connection. */
    public void tell(Listener heard) {
        listener = heard;
    }

    private Fault arm(Fault armed) {
        fault.set(armed);
        return armed;
    }

    @Override
    public void close() throws IOException {
        server.close();
        thaw();
        pairs.forEach(Pair::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    Pair.reset(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The server is away, or the proxy is closed.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Pair pair = new Pair(client, new Socket(target.getHost(), target.getPort()));
            pairs.add(pair);
            start(pair::toServer, "proxy-to-server");
            start(pair::toClient, "proxy-to-client");
        } catch (IOException e) {
            Pair.reset(client);
            throw e;
        }
    }

    private void awaitThaw() throws InterruptedException {
        lock.lock();
        try {
            while (frozen) {
                thawed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void start(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A fault that waits for its moment. */
    public static final class Fault {

        private final List<String> texts;
        private final Consumer<Pair> effect;
        private final CountDownLatch happened = new CountDownLatch(1);

        private Fault(List<String> texts, Consumer<Pair> effect) {
            this.texts = texts;
            this.effect = effect;
        }

        public boolean happened() {
            return happened.getCount() == 0;
        }

        /** Waits until it has happened. */
        public void await() throws InterruptedException {
            if (!happened.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Nobody said " + texts);
            }
        }
    }

    /** Hears what clients say; called by the threads of the connections. */
    public interface Listener {

        /** PostgreSQL is about to get these statements; false to keep them from it, and to let nothing more pass. */
        boolean asked(String statements);

        /** PostgreSQL has answered these statements; false to keep that from the client, and to let nothing more pass. */
        boolean answered(String statements);
    }

    /** One connection. */
    private final class Pair {

        private final Frontend frontend = new Frontend();
        private volatile @Nullable String asked;
        private volatile boolean silenced;

        private final Socket client;
        private final Socket server;
        private @Nullable Fault heardFor;
        private int heard;
        private volatile boolean losing;
        private volatile boolean abandoned;

        Pair(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void toServer() {
            carry(client, server, (bytes, length) -> {
                listen(new String(bytes, 0, length, ISO_8859_1));
                return tellAsked(bytes, length);
            });
        }

        void toClient() {
            carry(server, client, (bytes, length) -> {
                boolean answered = readyForQuery(new String(bytes, 0, length, ISO_8859_1));
                if (losing && answered) {
                    reset();
                    done();
                }
                return !losing && (answered ? tellAnswered() : !silenced);
            });
        }

        private boolean tellAsked(byte[] bytes, int length) {
            Listener hearer = listener;
            if (hearer != null) {
                for (String statements : frontend.hear(bytes, length)) {
                    asked = statements;
                    if (!hearer.asked(statements)) {
                        silenced = true;
                    }
                }
            }
            return !silenced;
        }

        private boolean tellAnswered() {
            Listener hearer = listener;
            String statements = asked;
            asked = null;
            if (hearer != null && statements != null && !hearer.answered(statements)) {
                silenced = true;
            }
            return !silenced;
        }

        private void carry(Socket from, Socket to, Filter filter) {
            byte[] buffer = new byte[65_536];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (!delay.isZero()) {
                        Thread.sleep(delay.toMillis());
                    }
                    boolean passes = filter.passes(buffer, length);
                    awaitThaw();
                    if (passes && !abandoned) {
                        out.write(buffer, 0, length);
                        out.flush();
                    }
                }
                if (!abandoned) {
                    reset();
                }
            } catch (IOException | InterruptedException e) {
                reset();
            }
        }

        private void listen(String said) {
            Fault awaited = fault.get();
            if (awaited == null) {
                return;
            }
            if (awaited != heardFor) {
                heardFor = awaited;
                heard = 0;
            }
            int from = 0;
            while (heard < awaited.texts.size()) {
                int at = said.indexOf(awaited.texts.get(heard), from);
                if (at < 0) {
                    return;
                }
                from = at + 1;
                heard++;
            }
            if (fault.compareAndSet(awaited, null)) {
                awaited.effect.accept(this);
                if (!losing) {
                    awaited.happened.countDown();
                }
            }
        }

        private void done() {
            Fault mine = heardFor;
            if (mine != null) {
                mine.happened.countDown();
            }
        }

        /** Whether an answer ends here: what came before is committed, if it was to be. */
        private boolean readyForQuery(String bytes) {
            int end = bytes.length() - 6;
            return end >= 0 && bytes.startsWith("Z\0\0\0\5", end);
        }

        void reset() {
            pairs.remove(this);
            reset(client);
            reset(server);
        }

        static void reset(Socket socket) {
            try (socket) {
                if (!socket.isClosed()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                // It is gone already.
                return;
            }
        }
    }

    @FunctionalInterface
    private interface Filter {

        boolean passes(byte[] bytes, int length);
    }
}
