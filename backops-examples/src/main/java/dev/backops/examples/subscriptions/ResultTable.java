package dev.backops.examples.subscriptions;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;

/** The answer to a query, drawn as psql draws it. */
final class ResultTable {

    private static final int WIDEST_COLUMN = 80;

    private ResultTable() {}

    /** Runs a query and draws what it returns. */
    static String of(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.createQuery(sql).scanResultSet((rows, context) -> draw(rows.get())));
    }

    private static String draw(ResultSet rows) throws SQLException {
        Column[] columns = columns(rows.getMetaData());
        List<Object[]> data = new ArrayList<>();
        while (rows.next()) {
            data.add(values(rows, columns.length));
        }
        if (data.isEmpty()) {
            return "(0 rows)";
        }
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
                .data(columns, data.toArray(Object[][]::new))
                .asString()
                .replaceAll("(?m)( +|(?<=^[-+]{1,999})-)$", "")
                .stripTrailing();
    }

    private static Column[] columns(ResultSetMetaData meta) throws SQLException {
        Column[] columns = new Column[meta.getColumnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column()
                    .header(meta.getColumnLabel(i + 1))
                    .headerAlign(HorizontalAlign.LEFT)
                    .dataAlign(isNumber(meta.getColumnType(i + 1)) ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT)
                    .maxWidth(WIDEST_COLUMN);
        }
        return columns;
    }

    private static Object[] values(ResultSet row, int count) throws SQLException {
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = Objects.requireNonNullElse(row.getString(i + 1), "");
        }
        return values;
    }

    private static boolean isNumber(int type) {
        return type == Types.BIGINT || type == Types.INTEGER || type == Types.NUMERIC;
    }
}
