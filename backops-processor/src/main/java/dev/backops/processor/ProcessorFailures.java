package dev.backops.processor;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import javax.annotation.processing.Messager;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;

/**
 * Failures of ours, each with the class that met it: the compiler goes on, and the user knows where they came from. They wait
 * for the last round, because an earlier error makes javac skip what is still to be found in other classes.
 */
final class ProcessorFailures {

    private static final String NO_CLASS = "";

    private final Elements elements;
    private final Messager messager;
    private final Map<String, Throwable> failures = new TreeMap<>();

    ProcessorFailures(Elements elements, Messager messager) {
        this.elements = elements;
        this.messager = messager;
    }

    /** Runs work and keeps what it throws, of errors those that one class can bring about; returns whether it succeeded. */
    boolean guard(String className, Work work) {
        try {
            work.run();
            return true;
        } catch (Exception | StackOverflowError | AssertionError e) {
            failures.putIfAbsent(className, e);
            return false;
        }
    }

    /** The same for work that is about no class. */
    boolean guard(Work work) {
        return guard(NO_CLASS, work);
    }

    void print() {
        failures.forEach(this::print);
    }

    private void print(String className, Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, /* autoFlush= */ true));
        TypeElement type = className.equals(NO_CLASS) ? null : elements.getTypeElement(className);
        messager.printMessage(
                Diagnostic.Kind.ERROR,
                "[BackOps/Bug] The BackOps processor failed"
                        + (type == null ? "" : " on " + type.getSimpleName())
                        + ". This is a bug in BackOps; please report it with "
                        + (type == null ? "" : "this class and ")
                        + "this trace:\n" + trace,
                type);
    }

    /** What may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }
}
