package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.internal.store.Database;
import dev.backops.internal.store.EngineSession;
import dev.backops.internal.store.SignalStore;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ListenLoopTest {

    @RegisterExtension
    final TestDatabase database = TestDatabase.withTables();

    private final SignalStore signals = Tables.STORES.signals();
    private final List<String> heard = new ArrayList<>();
    private final AtomicLong skipped = new AtomicLong();
    private TcpProxy network;
    private EngineSession session;
    private ListenLoop loop;

    @BeforeEach
    void open() {
        network = TcpProxy.before(database.jdbcUrl());
        session = new Database(network.dataSource())
                .withPatience(Duration.ofMillis(500))
                .session();
        loop = new ListenLoop(
                session,
                signals,
                () -> heard.add("ready"),
                () -> heard.add("scheduled"),
                () -> System.nanoTime() + skipped.get());
        loop.runOnce();
        heard.clear();
    }

    @AfterEach
    void close() throws Exception {
        loop.end();
        session.close();
        network.close();
    }

    @Test
    void signal_isHeard() {
        send(SignalStore.SCHEDULED);
        loop.runOnce();
        assertThat(heard).containsExactly("scheduled");

        send(SignalStore.READY);
        loop.runOnce();
        assertThat(heard).containsExactly("scheduled", "ready");
    }

    @Test
    void silence_isProbed_andLeftWithWhoeverAnswers() {
        skipped.set(TimeUnit.SECONDS.toNanos(31));
        loop.runOnce();

        assertThat(loop.listening()).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void halfOpenConnection_isFoundOut_andReplaced() {
        network.abandon();
        loop.runOnce();
        assertThat(loop.listening()).as("nothing tells it from silence").isTrue();

        skipped.set(TimeUnit.SECONDS.toNanos(31));
        assertThatThrownBy(loop::runOnce).isInstanceOf(JdbiException.class);
        assertThat(loop.listening()).isFalse();

        loop.runOnce();
        assertThat(heard).as("whatever came meanwhile").containsExactly("ready", "scheduled");
        send(SignalStore.READY);
        loop.runOnce();
        assertThat(heard).hasSize(3);
    }

    @Test
    void end_leavesNoListenerInThePool() {
        loop.end();

        assertThat(loop.listening()).isFalse();
        List<String> queries = database.jdbi()
                .withHandle(handle -> handle.select(
                                "SELECT query FROM pg_stat_activity WHERE query ILIKE 'listen%' AND state = 'idle'")
                        .mapTo(String.class)
                        .list());
        assertThat(queries).isEmpty();
    }

    private void send(String signal) {
        database.jdbi().useHandle(handle -> signals.send(handle, signal));
    }
}
