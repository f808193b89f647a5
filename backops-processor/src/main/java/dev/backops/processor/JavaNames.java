package dev.backops.processor;

import com.palantir.javapoet.NameAllocator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** The rules for names that become Java identifiers. */
final class JavaNames {

    private static final Set<String> OBJECT_METHODS =
            Set.of("clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private static final Pattern WORD_BOUNDARY = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private JavaNames() {}

    /** Whether code can be written with this name: an identifier, and no keyword. */
    static boolean isIdentifier(String name) {
        return SourceVersion.isName(name, SourceVersion.RELEASE_17) && name.indexOf('.') < 0;
    }

    static boolean isMethodOfObject(String name) {
        return OBJECT_METHODS.contains(name);
    }

    /** The name of a constant, for example {@code CHARGE_CREDIT_CARD}; no two of one allocator are the same. */
    static String constant(String name, NameAllocator constants) {
        return constants.newName(upperCase(name));
    }

    /** A name in the spelling of constants. */
    static String upperCase(String name) {
        return WORD_BOUNDARY.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
    }

    static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    static String decapitalized(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
