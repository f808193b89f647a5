package dev.backops.chaos;

import java.io.IOException;
import javax.sql.DataSource;

/** The PostgreSQL of a site, which commits durably. */
interface Server extends AutoCloseable {

    /** How processes reach it, with what may break in between. */
    String jdbcUrl();

    /** How the test reaches it, whatever is broken in between; those who break the server itself wait until it is back. */
    DataSource direct();

    /** Ends whatever is left of connections on which nothing passes. */
    void heal();

    @Override
    void close() throws IOException;
}
