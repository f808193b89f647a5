package dev.backops.examples.guide;

import dev.backops.embedded.EmbeddedDatabase;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** An empty database for each test, all on one server, which stops with the JVM. */
final class TestDatabases {

    private static final EmbeddedDatabase SERVER =
            EmbeddedDatabase.temporary().durable(false).start();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabases() {}

    static DataSource create() {
        return SERVER.createDatabase("test" + COUNT.incrementAndGet());
    }
}
