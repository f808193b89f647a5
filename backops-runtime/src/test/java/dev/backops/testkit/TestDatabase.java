package dev.backops.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backops.embedded.EmbeddedDatabase;
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

    private static final EmbeddedDatabase SERVER =
            EmbeddedDatabase.temporary().setting("timezone", "Asia/Kolkata").start();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private String name = "";
    private @Nullable HikariDataSource pool;

    @Override
    public void beforeEach(ExtensionContext context) {
        name = "test" + COUNT.incrementAndGet();
        HikariConfig config = new HikariConfig();
        config.setDataSource(SERVER.createDatabase(name));
        config.setMaximumPoolSize(24);
        pool = new HikariDataSource(config);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (pool != null) {
            pool.close();
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
