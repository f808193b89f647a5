package dev.backops.processor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/**
 * One annotation as it stands in the source.
 *
 * <p>Read from the mirror: {@code Element.getAnnotation} crashes javac where a class value is still to be generated. A
 * value that does not compile answers as if it were not there, since the compiler reports it.
 *
 * @param place where its mistakes are reported
 * @param written the values that the source gives
 * @param values the same, and the defaults
 * @param places where mistakes in the values that the source gives are reported, if not at the whole
 */
record AnnotationUse(
        Place place,
        Map<String, AnnotationValue> written,
        Map<String, AnnotationValue> values,
        Map<String, Place> places) {

    /** The annotation of that name on an element. */
    static Optional<AnnotationUse> find(Element element, String qualifiedName, Elements elements) {
        return element.getAnnotationMirrors().stream()
                .filter(mirror -> qualifiedNameOf(mirror).equals(qualifiedName))
                .findFirst()
                .map(mirror -> of(element, mirror, elements));
    }

    static boolean isOn(Element element, String qualifiedName) {
        return element.getAnnotationMirrors().stream()
                .anyMatch(mirror -> qualifiedNameOf(mirror).equals(qualifiedName));
    }

    static String qualifiedNameOf(AnnotationMirror mirror) {
        return ((TypeElement) mirror.getAnnotationType().asElement())
                .getQualifiedName()
                .toString();
    }

    static String simpleNameOf(AnnotationMirror mirror) {
        return mirror.getAnnotationType().asElement().getSimpleName().toString();
    }

    /** What {@code @SuppressWarnings} on an element names. */
    static Set<String> suppressedWarnings(Element element) {
        Set<String> words = new TreeSet<>();
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (qualifiedNameOf(mirror).equals("java.lang.SuppressWarnings")) {
                byName(mirror.getElementValues())
                        .values()
                        .forEach(value -> items(value).forEach(item -> words.add(String.valueOf(item.getValue()))));
            }
        }
        return words;
    }

    /** The places that an annotation type may annotate, such as {@code TYPE_USE}; nothing where it does not say. */
    static Set<String> targets(AnnotationMirror mirror) {
        Set<String> targets = new TreeSet<>();
        for (AnnotationMirror meta : mirror.getAnnotationType().asElement().getAnnotationMirrors()) {
            if (qualifiedNameOf(meta).equals("java.lang.annotation.Target")) {
                byName(meta.getElementValues())
                        .values()
                        .forEach(value -> items(value).forEach(item -> targets.add(String.valueOf(item.getValue()))));
            }
        }
        return targets;
    }

    /** Whether a value, a constant mostly, does not exist, or not yet. */
    boolean missesValues() {
        return written.values().stream().anyMatch(MissingTypes::isIn);
    }

    boolean writes(String name) {
        return written.containsKey(name);
    }

    @Nullable
    String string(String name) {
        return valueOf(name) instanceof String text ? text : null;
    }

    String stringOr(String name, String otherwise) {
        String text = string(name);
        return text == null ? otherwise : text;
    }

    /** A text and where it stands; empty where it is left out or written as {@code ""}. */
    Optional<Written> text(String name) {
        String text = stringOr(name, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(new Written(text, place(name)));
    }

    /** The name of an enum constant and where it stands; empty where it is left out. */
    Optional<Written> constant(String name) {
        return writes(name) && valueOf(name) instanceof VariableElement constant
                ? Optional.of(new Written(constant.getSimpleName().toString(), place(name)))
                : Optional.empty();
    }

    /** The texts of an array, each at its own place. */
    List<Written> texts(String name) {
        return list(name).stream()
                .filter(item -> item.getValue() instanceof String)
                .map(item -> new Written((String) item.getValue(), placeOf(name, item)))
                .toList();
    }

    @Nullable
    Integer integer(String name) {
        return valueOf(name) instanceof Integer number ? number : null;
    }

    @Nullable
    Double decimal(String name) {
        return valueOf(name) instanceof Double number ? number : null;
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(valueOf(name));
    }

    @Nullable
    AnnotationValue value(String name) {
        return values.get(name);
    }

    List<? extends AnnotationValue> list(String name) {
        AnnotationValue value = values.get(name);
        return value == null ? List.of() : items(value);
    }

    /** An annotation that is the value of this one, if the source writes it. */
    Optional<AnnotationUse> nested(String name, Elements elements) {
        AnnotationValue value = written.get(name);
        if (value == null || !(value.getValue() instanceof AnnotationMirror nested)) {
            return Optional.empty();
        }
        Place whole = place(name);
        AnnotationUse use = of(whole.element(), nested, elements);
        return Optional.of(whole.value() == value ? use : use.seenFrom(whole));
    }

    /** The annotations in the array that is a value of this one. */
    List<AnnotationUse> nestedAll(String name, Elements elements) {
        return list(name).stream()
                .map(AnnotationValue::getValue)
                .filter(AnnotationMirror.class::isInstance)
                .map(nested -> of(place.element(), (AnnotationMirror) nested, elements))
                .toList();
    }

    /** One value of this annotation, or the annotation where the source leaves the value out. */
    Place place(String name) {
        return places.getOrDefault(name, place);
    }

    /** One item of the array that is a value of this annotation. */
    Place placeOf(String name, AnnotationValue item) {
        Place whole = place(name);
        return whole.value() == written.get(name) ? new Place(whole.element(), whole.annotation(), item) : whole;
    }

    /** The same, but all its mistakes are reported where something refers to what it annotates. */
    AnnotationUse seenFrom(Place reference) {
        return new AnnotationUse(reference, written, values, Map.of());
    }

    /** The same without some values. */
    AnnotationUse without(Set<String> names) {
        return new AnnotationUse(place, without(written, names), without(values, names), without(places, names));
    }

    /** The same, but with all that another one writes, which is reported there. */
    AnnotationUse overriddenBy(AnnotationUse other) {
        return new AnnotationUse(
                place, merged(written, other.written), merged(values, other.written), merged(places, other.places));
    }

    static AnnotationUse of(Element element, AnnotationMirror mirror, Elements elements) {
        Map<String, AnnotationValue> written = byName(mirror.getElementValues());
        Map<String, Place> places = new LinkedHashMap<>();
        written.forEach((name, value) -> places.put(name, new Place(element, mirror, value)));
        return new AnnotationUse(
                new Place(element, mirror, null),
                written,
                byName(elements.getElementValuesWithDefaults(mirror)),
                places);
    }

    private static <V> Map<String, V> without(Map<String, V> values, Set<String> names) {
        Map<String, V> others = new LinkedHashMap<>(values);
        others.keySet().removeAll(names);
        return others;
    }

    private static <V> Map<String, V> merged(Map<String, V> values, Map<String, V> overriding) {
        Map<String, V> merged = new LinkedHashMap<>(values);
        merged.putAll(overriding);
        return merged;
    }

    private @Nullable Object valueOf(String name) {
        AnnotationValue value = values.get(name);
        return value == null ? null : value.getValue();
    }

    private static Map<String, AnnotationValue> byName(
            Map<? extends ExecutableElement, ? extends AnnotationValue> values) {
        Map<String, AnnotationValue> byName = new LinkedHashMap<>();
        values.forEach((method, value) -> byName.put(method.getSimpleName().toString(), value));
        return byName;
    }

    /** The items of an array value; a single value stands for an array of one. */
    private static List<? extends AnnotationValue> items(AnnotationValue value) {
        if (!(value.getValue() instanceof List<?> list)) {
            return List.of(value);
        }
        return list.stream()
                .filter(AnnotationValue.class::isInstance)
                .map(AnnotationValue.class::cast)
                .toList();
    }
}
