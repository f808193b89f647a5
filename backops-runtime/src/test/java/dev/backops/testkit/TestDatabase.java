package dev.backops.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.internal.schema.Migrations;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An empty database for each test, all on one server, in a zone that is not UTC. */
public final class TestDatabase implements BeforeEachCallback, AfterEachCallback {

    private static final EmbeddedDatabase SERVER = EmbeddedDatabase.temporary()
            .durable(false)
            .setting("timezone", "Asia/Kolkata")
            .start();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final String SHARED = "shared";

    /* Whoever is left over from the test before, such as a thread that outlived it, goes first. */
    private static final String EMPTY = """
            SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid();
            DELETE FROM backops.operation; DELETE FROM backops.work; DELETE FROM backops.step; DELETE FROM backops.failure;
            DELETE FROM backops.definition; DELETE FROM backops.worker
            """;

    private final boolean withTables;
    private String name = "";
    private @Nullable HikariDataSource pool;

    public TestDatabase() {
        this(false);
    }

    private TestDatabase(boolean withTables) {
        this.withTables = withTables;
    }

    /**
     * A database that has our tables, empty. All such tests use the same one, a tenth of a second faster than one of
     * their own; a test that changes what the tables are takes its own.
     */
    public static TestDatabase withTables() {
        return new TestDatabase(true);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        name = withTables ? SHARED : "test" + COUNT.incrementAndGet();
        DataSource direct = SERVER.createDatabase(name);
        if (withTables) {
            new Migrations("backops", direct).migrate();
            Jdbi.create(direct).useHandle(handle -> handle.execute(EMPTY));
        }
        HikariConfig config = new HikariConfig();
        config.setDataSource(direct);
        config.setMaximumPoolSize(24);
        config.setMinimumIdle(1);
        pool = new HikariDataSource(config);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (pool != null) {
            pool.close();
        }
        if (!withTables) {
            // A thousand files each: a hundred of them would take the exit of the JVM half a minute to delete.
            Jdbi.create(SERVER.dataSource())
                    .useHandle(handle -> handle.execute("DROP DATABASE " + name + " WITH (FORCE)"));
        }
    }

    public HikariDataSource dataSource() {
        return Objects.requireNonNull(pool, "only inside of a test");
    }

    /** The same database for another process or another pool. */
    public String jdbcUrl() {
        return SERVER.jdbcUrl(name);
    }

    /** A single connection per call, without a pool. */
    public DataSource direct() {
        return SERVER.dataSource(name);
    }

    public Jdbi jdbi() {
        return Jdbi.create(dataSource());
    }
}
