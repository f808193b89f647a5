package dev.backops.testkit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Statements of tests, each on a connection of its own. */
public final class Sql {

    private final Jdbi jdbi;

    public Sql(DataSource dataSource) {
        jdbi = Jdbi.create(dataSource);
    }

    public int execute(String statement, Object... arguments) {
        return jdbi.withHandle(handle -> handle.execute(statement, arguments));
    }

    /** The only column of all rows. */
    public List<String> texts(String query, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(query, arguments).mapTo(String.class).list());
    }

    /** Calls with each row. */
    public void each(String query, RowConsumer row) {
        jdbi.useHandle(handle -> handle.createQuery(query)
                .map((columns, context) -> {
                    row.accept(columns);
                    return true;
                })
                .forEach(seen -> {}));
    }

    /** The only column of the only row. */
    public String text(String query, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(query, arguments).mapTo(String.class).one());
    }

    /** The only column of the only row. */
    public long number(String query, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(query, arguments).mapTo(Long.class).one());
    }

    /** Takes a row. */
    @FunctionalInterface
    public interface RowConsumer {

        void accept(ResultSet row) throws SQLException;
    }
}
