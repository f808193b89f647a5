package dev.backops.processor;

import java.util.Locale;

/** How constants of an enum name what a step jumps to. */
final class JumpNames {

    private JumpNames() {}

    /** Whether both are the same name, upper or lower case and {@code _} aside. */
    static boolean areAlike(String first, String second) {
        return normalized(first).equals(normalized(second));
    }

    /** What is the same for names that are alike. */
    static String normalized(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** The constant that people would write, for example {@code SET_UP_RED} for {@code setUpRed}. */
    static String constant(String target) {
        return JavaNames.upperCase(target);
    }
}
