package dev.backops.processor;

import java.io.PrintWriter;
import java.io.StringWriter;
import javax.annotation.processing.Messager;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** Reports a failure of ours on the class that met it: the compiler goes on, and the user knows where it came from. */
final class ProcessorFailure {

    private ProcessorFailure() {}

    static void report(Exception failure, TypeElement operation, Messager messager) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, /* autoFlush= */ true));
        messager.printMessage(
                Diagnostic.Kind.ERROR,
                "[BackOps/Bug] The BackOps processor failed on " + operation.getSimpleName()
                        + ". This is a bug in BackOps; please report it with this class and this trace:\n" + trace,
                operation);
    }
}
