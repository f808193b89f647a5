package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProcessorFailureTest {

    private static final String MISTAKEN = """
            package demo;

            @dev.backops.annotation.Operation("refund")
            class Refund {
                @dev.backops.annotation.Step static void book() {}
            }
            """;

    static List<Throwable> bugs() {
        return List.of(
                new IllegalStateException("no luck"), new StackOverflowError("no luck"), new AssertionError("no luck"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bug_isReportedOnTheClassWithItsTraceBesideTheMistakesOfOthers(Throwable bug) {
        assertThat(errors(new FailingProcessor("Fulfillment", bug)))
                .satisfiesExactlyInAnyOrder(
                        mistake -> assertThat(mistake).contains("static void book() {} | [BackOps/StaticStep] book"),
                        failure -> assertThat(failure)
                                .startsWith(
                                        "class Fulfillment { | [BackOps/Bug] The BackOps processor failed on Fulfillment."
                                                + " This is a bug in BackOps; please report it with this class and this"
                                                + " trace:")
                                .contains(bug + "\n", "at dev.backops.processor.OperationFiles.write"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bugOutsideOfAnyClass_isReported(Throwable bug) {
        assertThat(errors(new FailingProcessor("getElementsAnnotatedWith", bug)))
                .singleElement()
                .asString()
                .startsWith(" | [BackOps/Bug] The BackOps processor failed. This is a bug in BackOps; please report it"
                        + " with this trace:")
                .contains(bug + "\n", "at dev.backops.processor.ActionRounds.collect");
    }

    @Test
    void fileThatCannotBeWritten_isReportedOnItsClass() {
        assertThat(errors(new FailingProcessor("openWriter", new IOException("disk full"))))
                .filteredOn(error -> error.startsWith("class Fulfillment"))
                .singleElement()
                .asString()
                .contains("[BackOps/Bug]", "java.io.IOException: disk full");
    }

    private static List<String> errors(FailingProcessor processor) {
        return Compiled.with(List.of(), List.of(processor), fulfillment("@Step void charge() {}"), MISTAKEN)
                .errors();
    }

    /** Ours, in surroundings that fail as none should: each call that a file or method of the name has part in. */
    private static final class FailingProcessor extends AbstractProcessor {

        private final String where;
        private final Throwable bug;
        private @Nullable OperationRounds rounds;

        FailingProcessor(String where, Throwable bug) {
            this.where = where;
            this.bug = bug;
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of(TypeNames.ANNOTATIONS);
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            Filer filer = failing(Filer.class, environment.getFiler());
            rounds = new OperationRounds(proxy(
                    ProcessingEnvironment.class,
                    (proxy, method, arguments) ->
                            method.getName().equals("getFiler") ? filer : call(environment, method, arguments)));
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            requireNonNull(rounds).run(failing(RoundEnvironment.class, round));
            return false;
        }

        private <T> T failing(Class<T> type, T real) {
            return proxy(type, (proxy, method, arguments) -> {
                if ((method.getName() + Arrays.toString(arguments)).contains(where)) {
                    throw bug.fillInStackTrace();
                }
                Object result = call(real, method, arguments);
                return result instanceof JavaFileObject file ? failing(JavaFileObject.class, file) : result;
            });
        }

        private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }
}
