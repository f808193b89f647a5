package dev.backops.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that does something of the test's before or after a statement: the way to lose the answer to a commit, or to
 * let somebody else be quicker. The commit of a transaction counts as the statement {@code COMMIT}.
 */
public final class Interceptor {

    private final DataSource real;
    private final List<Trap> traps = new CopyOnWriteArrayList<>();
    private final AtomicLong transactions = new AtomicLong();

    public Interceptor(DataSource real) {
        this.real = real;
    }

    public DataSource dataSource() {
        return proxy(DataSource.class, real, (method, arguments, result) -> {
            Object connection = result.get();
            return connection instanceof Connection one ? connection(one) : connection;
        });
    }

    /** How many transactions there were: commits, and statements that commit by themselves. */
    public long transactions() {
        return transactions.get();
    }

    /** Runs {@code action} once, before the next statement that contains {@code sql}. */
    public void before(String sql, Runnable action) {
        traps.add(new Trap(sql, /* after= */ false, /* once= */ true, action::run, new AtomicBoolean()));
    }

    /** Runs {@code action} before each statement that contains {@code sql}, until what is returned is run. */
    public Runnable beforeEach(String sql, Action action) {
        Trap trap = new Trap(sql, /* after= */ false, /* once= */ false, action, new AtomicBoolean());
        traps.add(trap);
        return () -> traps.remove(trap);
    }

    /** Loses the answer to the next statement that contains {@code sql}: it takes effect, and the connection breaks. */
    public void loseAnswer(String sql) {
        Action lose = () -> {
            throw new SQLException("The answer was lost on the way", "08006");
        };
        traps.add(new Trap(sql, /* after= */ true, /* once= */ true, lose, new AtomicBoolean()));
    }

    private Connection connection(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments, result) -> {
            if (method.getName().equals("commit")) {
                transactions.incrementAndGet();
                return trapped("COMMIT", result);
            }
            if (method.getName().equals("prepareStatement")) {
                return statement(
                        connection, (PreparedStatement) Objects.requireNonNull(result.get()), (String) arguments[0]);
            }
            return result.get();
        });
    }

    private PreparedStatement statement(Connection connection, PreparedStatement statement, String sql) {
        return proxy(PreparedStatement.class, statement, (method, arguments, result) -> {
            if (!method.getName().startsWith("execute")) {
                return result.get();
            }
            if (connection.getAutoCommit()) {
                transactions.incrementAndGet();
            }
            return trapped(sql, result);
        });
    }

    private @Nullable Object trapped(String sql, Call result) throws Throwable {
        for (Trap trap : traps) {
            if (!trap.after && trap.springs(sql)) {
                trap.action.run();
            }
        }
        Object value = result.get();
        for (Trap trap : traps) {
            if (trap.after && trap.springs(sql)) {
                trap.action.run();
            }
        }
        return value;
    }

    private static <T> T proxy(Class<T> type, T real, Around around) {
        InvocationHandler handler = (self, method, arguments) -> around.call(method, arguments, () -> {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
        return type.cast(Proxy.newProxyInstance(Interceptor.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private record Trap(String sql, boolean after, boolean once, Action action, AtomicBoolean sprung) {

        boolean springs(String statement) {
            return statement.contains(sql) && (sprung.compareAndSet(false, true) || !once);
        }
    }

    /** What happens to a statement; an exception is thrown in its place. */
    @FunctionalInterface
    public interface Action {

        void run() throws Exception;
    }

    @FunctionalInterface
    private interface Call {

        @Nullable
        Object get() throws Throwable;
    }

    @FunctionalInterface
    private interface Around {

        @Nullable
        Object call(Method method, Object[] arguments, Call result) throws Throwable;
    }
}
