package dev.backops.internal.engine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of an exception.
 *
 * @param errorClass the class of the exception
 * @param message its message, or null
 * @param frame the place in the application where it began, or null where none is known
 * @param stackTrace its trace with all causes
 */
record ErrorReport(
        String errorClass,
        @Nullable String message,
        @Nullable String frame,
        String stackTrace) {

    /** More of a message than anybody reads, and little enough to store a thousand of them. */
    static final int MAX_MESSAGE = 10_000;

    /** Room for a hundred frames of a dozen causes. */
    static final int MAX_STACK_TRACE = 100_000;

    private static final List<String> NOT_THE_APPLICATION =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "dev.backops.internal.", "dev.backops.codegen.");

    /**
     * Describes an error of a step.
     *
     * @param base the package of the operation: frames below its first two segments count as the application's own
     */
    static ErrorReport of(Throwable error, String base) {
        return new ErrorReport(
                error.getClass().getName(),
                storable(message(error), MAX_MESSAGE),
                storable(guarded(() -> frame(error, base), unused -> null), MAX_MESSAGE),
                required(storable(trace(error), MAX_STACK_TRACE)));
    }

    /** A report without any content of the user's, for what the database refused to store. */
    static ErrorReport plain(String errorClass, String message) {
        return new ErrorReport(errorClass, message, null, errorClass + ": " + message);
    }

    /** How many characters it takes to write it down, roughly. */
    int size() {
        return stackTrace.length() + (message == null ? 0 : message.length());
    }

    private static @Nullable String message(Throwable error) {
        return guarded(error::getMessage, ErrorReport::unreadable);
    }

    private static @Nullable String trace(Throwable error) {
        StringWriter text = new StringWriter();
        return guarded(
                () -> {
                    error.printStackTrace(new PrintWriter(text, true));
                    return text.toString();
                },
                // What it came to say before counts the most.
                trouble -> text + unreadable(trouble));
    }

    /** Exceptions are the user's code, and it may fail right here, in whatever way. */
    @SuppressWarnings("CatchingUnchecked")
    private static @Nullable String guarded(
            Supplier<@Nullable String> part, Function<Throwable, @Nullable String> otherwise) {
        try {
            return part.get();
        } catch (Throwable e) {
            return otherwise.apply(e);
        }
    }

    private static String unreadable(Throwable trouble) {
        return "(could not be read: " + trouble.getClass().getName() + ")";
    }

    /** The topmost frame of the application in the innermost cause that has one. */
    private static @Nullable String frame(Throwable error, String base) {
        String prefix = firstSegments(base);
        String found = null;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = error; cause != null && seen.add(cause); cause = cause.getCause()) {
            String own = topFrame(cause, prefix);
            found = own == null ? found : own;
        }
        return found == null ? topFrame(error, "") : found;
    }

    private static @Nullable String topFrame(Throwable error, String prefix) {
        for (StackTraceElement frame : error.getStackTrace()) {
            String type = frame.getClassName();
            if (type.startsWith(prefix) && NOT_THE_APPLICATION.stream().noneMatch(type::startsWith)) {
                return frame.toString();
            }
        }
        return null;
    }

    private static String firstSegments(String packageName) {
        if (packageName.isEmpty()) {
            return "";
        }
        String all = packageName + ".";
        int second = all.indexOf('.', all.indexOf('.') + 1);
        return second < 0 ? all : all.substring(0, second + 1);
    }

    /** Cut to a length, and without the one character that PostgreSQL cannot store. */
    static @Nullable String storable(@Nullable String text, int limit) {
        if (text == null) {
            return null;
        }
        String cut = text.length() <= limit ? text : text.substring(0, limit) + "… (" + text.length() + " characters)";
        return wellFormed(cut.replace("\0", "␀"));
    }

    /** Half surrogate pairs, of the text itself or from cutting it, are no characters, and the driver refuses them. */
    private static String wellFormed(String text) {
        StringBuilder fixed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                fixed = fixed == null ? new StringBuilder(text) : fixed;
                fixed.setCharAt(i, '\uFFFD');
            }
        }
        return fixed == null ? text : fixed.toString();
    }

    private static String required(@Nullable String text) {
        return text == null ? "" : text;
    }
}
