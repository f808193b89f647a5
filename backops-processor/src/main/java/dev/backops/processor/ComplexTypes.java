package dev.backops.processor;

import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Finds out why a class or interface is not a simple type, for the advice in the message. */
final class ComplexTypes {

    private static final Map<String, Refusal> BY_NAME = Map.ofEntries(
            Map.entry("java.io.File", Refusal.FILE),
            Map.entry("java.lang.Number", Refusal.NUMBER),
            Map.entry("java.lang.Object", Refusal.OBJECT),
            Map.entry("java.net.URL", Refusal.URL),
            Map.entry("java.nio.file.Path", Refusal.FILE),
            Map.entry("java.time.ZoneOffset", Refusal.ZONE_OFFSET),
            Map.entry("java.util.Calendar", Refusal.OLD_TIME),
            Map.entry("java.util.Date", Refusal.OLD_TIME),
            Map.entry("java.util.Optional", Refusal.NESTED),
            Map.entry("java.util.OptionalDouble", Refusal.OPTIONAL_NUMBER),
            Map.entry("java.util.OptionalInt", Refusal.OPTIONAL_NUMBER),
            Map.entry("java.util.OptionalLong", Refusal.OPTIONAL_NUMBER));

    private static final Set<String> STREAMS = Set.of(
            "java.util.stream.BaseStream",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.Reader",
            "java.io.Writer",
            "java.util.Iterator");

    private static final Set<String> COLLECTIONS = Set.of("java.lang.Iterable", "java.util.Map");

    private static final Set<String> FUNCTIONS =
            Set.of("java.lang.Runnable", "java.util.concurrent.Callable", "java.util.Comparator");

    private static final Set<String> FACTORIES = Set.of("of", "from", "valueOf", "parse", "fromString", "create");

    private final Elements elements;
    private final Types types;

    ComplexTypes(Elements elements, Types types) {
        this.elements = elements;
        this.types = types;
    }

    Refusal classify(DeclaredType type) {
        TypeElement element = (TypeElement) type.asElement();
        String name = element.getQualifiedName().toString();
        if (BY_NAME.containsKey(name)) {
            return BY_NAME.get(name);
        }
        if (name.startsWith("java.sql.") && isA(type, Set.of("java.util.Date"))) {
            return Refusal.OLD_TIME;
        }
        if (isA(type, STREAMS)) {
            return Refusal.STREAM;
        }
        if (isA(type, COLLECTIONS)) {
            return Refusal.COLLECTION;
        }
        if (isContext(name)) {
            return Refusal.CONTEXT;
        }
        if (isFunction(element, name)) {
            return Refusal.FUNCTION;
        }
        if (name.startsWith("java.")) {
            return Refusal.JDK;
        }
        return isMadeOfOneValue(element) ? Refusal.VALUE_CLASS : Refusal.ENTITY;
    }

    /** Whether it seems to be generated for an operation, as the enum of steps beside it is. */
    private boolean isContext(String name) {
        return name.endsWith("Context")
                && elements.getTypeElement(name.substring(0, name.length() - "Context".length()) + "Step") != null;
    }

    /** Whether it has a factory such as {@code CustomerId.of(long)}, from before there were records. */
    private boolean isMadeOfOneValue(TypeElement element) {
        return StepCollector.methods(element).stream()
                .anyMatch(method -> method.getModifiers().contains(Modifier.STATIC)
                        && FACTORIES.contains(method.getSimpleName().toString())
                        && method.getParameters().size() == 1
                        && types.isSameType(types.erasure(method.getReturnType()), types.erasure(element.asType())));
    }

    private static boolean isFunction(TypeElement element, String name) {
        return name.startsWith("java.util.function.")
                || FUNCTIONS.contains(name)
                || AnnotationUse.isOn(element, "java.lang.FunctionalInterface");
    }

    /** Whether a type is one of these or a subtype. */
    boolean isA(DeclaredType type, Set<String> names) {
        return names.stream()
                .map(elements::getTypeElement)
                .anyMatch(
                        known -> known != null && types.isSubtype(types.erasure(type), types.erasure(known.asType())));
    }
}
