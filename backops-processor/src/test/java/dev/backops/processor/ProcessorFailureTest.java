package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;

class ProcessorFailureTest {

    @Test
    void bug_isReportedOnTheClassWithItsTrace() {
        List<String> errors = Compiled.with(
                        List.of(), List.of(new FailingProcessor()), fulfillment("@Step void charge() {}"))
                .errors();
        assertThat(errors)
                .singleElement()
                .asString()
                .startsWith(
                        "class Fulfillment { | [BackOps/Bug] The BackOps processor failed on Fulfillment. This is a bug in"
                                + " BackOps; please report it with this class and this trace:")
                .contains("java.lang.IllegalStateException: no luck", "at dev.backops.processor.OperationFiles.write");
    }

    /** Ours, with a filer that fails as no filer should. */
    private static final class FailingProcessor extends AbstractProcessor {

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of(TypeNames.ANNOTATIONS);
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!round.processingOver()) {
                new OperationRounds(withFailingFiler(processingEnv)).run(round);
            }
            return false;
        }

        private static ProcessingEnvironment withFailingFiler(ProcessingEnvironment environment) {
            Filer filer = proxy(Filer.class, (proxy, method, arguments) -> {
                throw new IllegalStateException("no luck");
            });
            return proxy(ProcessingEnvironment.class, (proxy, method, arguments) -> {
                try {
                    return method.getName().equals("getFiler") ? filer : method.invoke(environment, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        }

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }
}
