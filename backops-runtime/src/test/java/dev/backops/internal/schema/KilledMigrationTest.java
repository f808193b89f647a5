package dev.backops.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.backops.testkit.Sql;
import dev.backops.testkit.TcpProxy;
import dev.backops.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A process that dies as it creates the tables. What the database sees of that is that its connections end. */
class KilledMigrationTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Logger FLYWAY = (Logger) LoggerFactory.getLogger("org.flywaydb");

    /** All that is in a schema, without its name. */
    private static final String CONTENT = """
            SELECT replace(line, ?, 'schema') FROM (
              SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default)
              FROM information_schema.columns WHERE table_schema = ?
              UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = ?
              UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
              WHERE connamespace = ?::regnamespace
              UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = ?::regnamespace
              UNION ALL SELECT definition FROM pg_views WHERE schemaname = ?
              UNION ALL SELECT version || ' ' || success FROM %s.schema_history WHERE version IS NOT NULL
              UNION ALL SELECT 'installation ' || version || applied FROM %s.installation) AS content (line)
            ORDER BY 1
            """;

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final ExecutorService process = Executors.newCachedThreadPool();

    @BeforeEach
    void quieten() {
        FLYWAY.setLevel(Level.OFF);
    }

    @AfterEach
    void end() {
        process.shutdownNow();
        FLYWAY.setLevel(null);
    }

    @Test
    void migration_thatDiesBeforeOrAfterAnyStatement_isDoneByTheNextProcess() {
        migrate("whole");
        String whole = content("whole");

        Death none = dieAt(Integer.MAX_VALUE);
        assertThat(none.happened()).isFalse();

        int moments = Integer.MAX_VALUE - none.moments.get();
        assertThat(moments).isGreaterThan(100);
        IntStream.range(0, moments).parallel().forEach(moment -> {
            Death death = dieAt(moment);
            migrate(death.schema);
            assertThat(content(death.schema)).as(death.toString()).isEqualTo(whole);
            sql().execute("DROP SCHEMA " + death.schema + " CASCADE");
        });
    }

    private Death dieAt(int moment) {
        try (TcpProxy network = TcpProxy.before(database.jdbcUrl())) {
            Death death = new Death(network, moment);
            network.tell(death);
            Future<?> life = process.submit(() -> new Migrations(death.schema, network.dataSource()).migrate());
            await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> life.isDone() || death.happened());
            // The dead do not try again; Flyway would, for seconds.
            life.cancel(true);
            return death;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void migrate(String schema) {
        new Migrations(schema, database.dataSource()).migrate();
    }

    private String content(String schema) {
        return String.join(
                "\n", sql().texts(CONTENT.formatted(schema, schema), schema, schema, schema, schema, schema, schema));
    }

    private Sql sql() {
        return new Sql(database.dataSource());
    }

    /** Ends all connections before the database gets the statements of a round trip, or before their answer arrives. */
    private static final class Death implements TcpProxy.Listener {

        private final TcpProxy network;
        private final String schema;
        private final AtomicInteger moments;
        private volatile @Nullable String place;

        Death(TcpProxy network, int moment) {
            this.network = network;
            schema = "broken" + moment;
            moments = new AtomicInteger(moment);
        }

        boolean happened() {
            return place != null;
        }

        @Override
        public boolean asked(String statements) {
            return lives("before " + statements);
        }

        @Override
        public boolean answered(String statements) {
            return lives("after " + statements);
        }

        private boolean lives(String here) {
            if (moments.getAndDecrement() == 0) {
                place = here;
                network.refuse();
            }
            return !happened();
        }

        @Override
        public String toString() {
            return "a death " + place;
        }
    }
}
