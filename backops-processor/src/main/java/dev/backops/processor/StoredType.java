package dev.backops.processor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the values of a simple type look like in the database.
 *
 * @param text as the runtime calls the type, without spaces, for example {@code long} or {@code List<UUID>}; an enum by its
 *     constants, {@code enum(RED,BLUE)}
 */
record StoredType(String text) {

    private static final Set<String> PRIMITIVES =
            Set.of("BOOLEAN", "BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "CHAR");

    private static final Set<String> ABBREVIATIONS = Set.of("UUID", "URI");

    /** Each reads all values of those before it. */
    private static final List<List<String>> WIDENING =
            List.of(List.of("byte", "short", "int", "long", "BigInteger", "BigDecimal"), List.of("float", "double"));

    private static final Set<String> NO_TEXT =
            Set.of("boolean", "byte", "short", "int", "long", "BigInteger", "BigDecimal", "float", "double");

    private static final Pattern COLLECTION = Pattern.compile("(List|Set|Map)<(.+)>");
    private static final Pattern ENUM = Pattern.compile("enum\\((.*)\\)");

    static StoredType of(Shape.Kind kind) {
        return new StoredType(textOf(kind));
    }

    private static String textOf(Shape.Kind kind) {
        if (kind instanceof Shape.Kind.Constants constants) {
            return "enum(" + String.join(",", constants.names()) + ")";
        }
        if (kind instanceof Shape.Kind.Collection collection) {
            return collection.name() + "<" + (collection.isMap() ? "String," : "") + textOf(collection.element()) + ">";
        }
        return textOf(((Shape.Kind.Scalar) kind).constant());
    }

    private static String textOf(String constant) {
        if (ABBREVIATIONS.contains(constant)) {
            return constant;
        }
        return PRIMITIVES.contains(constant)
                ? constant.toLowerCase(Locale.ROOT)
                : Arrays.stream(constant.toLowerCase(Locale.ROOT).split("_"))
                        .map(JavaNames::capitalized)
                        .collect(Collectors.joining());
    }

    /** Whether each value that was stored as another type is one of this type, too, and the same one. */
    boolean reads(StoredType stored) {
        Matcher ours = COLLECTION.matcher(text);
        Matcher theirs = COLLECTION.matcher(stored.text);
        if (ours.matches() && theirs.matches()) {
            return ours.group(1).equals("Map") == theirs.group(1).equals("Map")
                    && new StoredType(ours.group(2)).reads(new StoredType(theirs.group(2)));
        }
        if (ENUM.matcher(text).matches() && ENUM.matcher(stored.text).matches()) {
            return constants().containsAll(stored.constants());
        }
        return text.equals(stored.text)
                || (text.equals("String") && stored.isText())
                || WIDENING.stream()
                        .anyMatch(types ->
                                types.contains(stored.text) && types.indexOf(text) > types.indexOf(stored.text));
    }

    private boolean isText() {
        return !NO_TEXT.contains(text) && !COLLECTION.matcher(text).matches();
    }

    private List<String> constants() {
        Matcher constants = ENUM.matcher(text);
        return constants.matches() ? List.of(constants.group(1).split(",")) : List.of();
    }
}
