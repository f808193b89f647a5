package dev.backops.internal.engine;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Answers each statement at once: all rows whose ids come with it are recorded, and their operations go on. */
final class AgreeableDatabase {

    private AgreeableDatabase() {}

    static DataSource dataSource() {
        return answering(Map.of("getConnection", arguments -> connection()), DataSource.class);
    }

    private static Connection connection() {
        return answering(Map.of(), Connection.class, PGConnection.class);
    }

    /** Something of JDBC with these answers; what is not among them answers as little as its type allows. */
    private static <T> T answering(Map<String, Answer> answers, Class<T> type, Class<?>... others) {
        Class<?>[] types = Stream.concat(Stream.of(type), Stream.of(others)).toArray(Class<?>[]::new);
        return type.cast(Proxy.newProxyInstance(
                AgreeableDatabase.class.getClassLoader(),
                types,
                (proxy, method, arguments) ->
                        answer(answers, proxy, method, arguments == null ? new Object[0] : arguments)));
    }

    private static @Nullable Object answer(
            Map<String, Answer> answers, Object proxy, Method method, Object[] arguments) {
        Answer answer = answers.get(method.getName());
        if (answer != null) {
            return answer.to(arguments);
        }
        return switch (method.getName()) {
            case "prepareStatement" -> statement();
            case "createArrayOf" -> array((Object[]) arguments[1]);
            case "unwrap" -> proxy;
            case "getAutoCommit", "isValid", "execute" -> true;
            case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "agreeable";
            default -> nothing(method.getReturnType());
        };
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : null;
    }

    private static Array array(Object[] elements) {
        return answering(Map.of("getArray", arguments -> elements), Array.class);
    }

    private static PreparedStatement statement() {
        Object[][] ids = {new Object[0]};
        return answering(
                Map.of(
                        "setArray",
                                arguments -> {
                                    // The ids come first.
                                    if (arguments[0].equals(1)) {
                                        ids[0] = elements((Array) arguments[1]);
                                    }
                                    return null;
                                },
                        // That of the statement about one row.
                        "setLong",
                                arguments -> {
                                    if (arguments[0].equals(1)) {
                                        ids[0] = new Object[] {arguments[1]};
                                    }
                                    return null;
                                },
                        "getConnection", arguments -> connection(),
                        "getResultSet", arguments -> rows(ids[0])),
                PreparedStatement.class);
    }

    private static Object[] elements(Array array) {
        try {
            return (Object[]) array.getArray();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ResultSet rows(Object[] ids) {
        int[] row = {-1};
        return answering(
                Map.of(
                        "next", arguments -> ++row[0] < ids.length,
                        "getLong", arguments -> ids[row[0]],
                        "getString", arguments -> Journal.RUNNING),
                ResultSet.class);
    }

    /** What a method answers. */
    private interface Answer {

        @Nullable
        Object to(Object[] arguments);
    }
}
