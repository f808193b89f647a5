package dev.backops.internal.engine;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of this library that are no loops; all of them let the JVM end. */
final class Threads {

    private Threads() {}

    /** The threads that run steps: virtual ones where Java has them (21 and later), else daemons of the platform. */
    static ThreadFactory forSteps(String prefix) {
        return virtual(prefix).orElseGet(() -> daemons(prefix));
    }

    /** A single thread that may come back under the same name. */
    static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Threads of the platform that keep no JVM alive. */
    static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Thread.ofVirtual().name(prefix, 0).factory(), by reflection since we compile for Java 17. */
    private static Optional<ThreadFactory> virtual(String prefix) {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method name = builderType.getMethod("name", String.class, long.class);
            Object named = name.invoke(builder, prefix, 0L);
            return Optional.of((ThreadFactory) builderType.getMethod("factory").invoke(named));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " has no Thread.ofVirtual()", e);
        }
    }
}
