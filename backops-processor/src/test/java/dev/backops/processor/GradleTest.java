package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor is what its metadata tells Gradle: isolating, so that Gradle may hand it a single file that has changed. */
class GradleTest {

    /** What each source generates. */
    private static final Map<String, List<String>> GENERATED = Map.of(
            "Charge", List.of("ChargeAction"),
            "Fulfillment",
                    List.of("FulfillmentBranch", "FulfillmentContext", "FulfillmentOperation", "FulfillmentStep"),
            "Shop", List.of("ShopContext", "ShopOperation", "ShopStep"));

    private static final List<String> SOURCES = List.of("""
            package demo;

            class Charge {
                @dev.backops.annotation.Step(output = "paymentId")
                String call(@org.jspecify.annotations.Nullable String coupon, Plan plan) { return coupon; }
            }
            """, """
            package demo;

            @dev.backops.annotation.Operation("fulfillment")
            class Fulfillment {
                record Params(long id, Plan plan) {}
                @dev.backops.annotation.Step(output = "next", onFailure = "undo") Plan choose(Plan plan) { return plan; }
                @dev.backops.annotation.Step(branch = "undo") void apologise(FulfillmentContext context) {}
            }
            """, """
            package demo;

            @dev.backops.annotation.Operation(value = "shop", actions = Charge.class)
            interface Shop { record Params(@org.jspecify.annotations.Nullable String coupon, Plan plan) {} }
            """);

    private static final String PLAN = "package demo; enum Plan { RED, BLUE }";

    @TempDir
    private Path directory;

    @Test
    void everyFile_hasItsClassAsItsOneOriginatingElement() throws IOException {
        Map<String, List<String>> origins = new TreeMap<>();

        assertThat(everything().javac(List.of(new Recording(origins)), "-Xlint:all,-processing"))
                .isEmpty();

        Map<String, List<String>> expected = new TreeMap<>();
        GENERATED.forEach(
                (source, types) -> types.forEach(type -> expected.put("demo." + type, List.of("demo." + source))));
        assertThat(origins).isEqualTo(expected);
    }

    @Test
    void fileCompiledAlone_generatesWhatItDoesWithAllOthers() throws IOException {
        SourceDirectory all = everything();
        assertThat(all.javac("-Xlint:all,-processing")).isEmpty();
        Path classes = all.jar();
        for (String source : SOURCES) {
            SourceDirectory alone = SourceDirectory.of(directory, source).with(classes);
            assertThat(alone.javac("-Xlint:all,-processing")).isEmpty();
            for (String type :
                    GENERATED.getOrDefault(Compiled.qualifiedName(source).replace("demo.", ""), List.of())) {
                String file = "demo/" + type + ".java";
                assertThat(alone.generated(file)).isEqualTo(all.generated(file));
            }
        }
    }

    private SourceDirectory everything() throws IOException {
        return SourceDirectory.of(
                directory, Stream.concat(SOURCES.stream(), Stream.of(PLAN)).toArray(String[]::new));
    }

    /** The processor with a filer that notes for which elements it creates a source, and has nothing else to offer. */
    private static final class Recording extends AbstractProcessor {

        private final BackOpsProcessor processor = new BackOpsProcessor();
        private final Map<String, List<String>> origins;

        Recording(Map<String, List<String>> origins) {
            this.origins = origins;
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return processor.getSupportedAnnotationTypes();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return processor.getSupportedSourceVersion();
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            super.init(environment);
            Filer filer = proxy(Filer.class, environment.getFiler(), this::record);
            processor.init(proxy(
                    ProcessingEnvironment.class,
                    environment,
                    (method, arguments, result) -> method.equals("getFiler") ? filer : result));
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            processor.process(annotations, round);
            return false;
        }

        private Object record(String method, Object[] arguments, Object result) {
            assertThat(method).isEqualTo("createSourceFile");
            List<String> elements = new ArrayList<>();
            for (Element element : (Element[]) arguments[1]) {
                elements.add(element.toString());
            }
            origins.put(arguments[0].toString(), elements);
            return result;
        }

        private static <T> T proxy(Class<T> type, T behind, Answer answer) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        try {
                            return answer.of(method.getName(), arguments, method.invoke(behind, arguments));
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        /** What a proxy answers, given what the object behind it does. */
        @FunctionalInterface
        private interface Answer {
            Object of(String method, Object[] arguments, Object result);
        }
    }
}
