package dev.backops.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What all generated types of one operation have in common.
 *
 * @param isPublic whether they are visible everywhere, as the operation class is
 * @param suppressedWarnings the lint that they must not draw
 * @param shadowedNames simple names of {@code java.lang} that mean another class in their package
 * @param generatedAnnotation whether they can carry {@code @Generated}
 */
record GeneratedHeader(
        GeneratedNames names,
        boolean isPublic,
        List<String> suppressedWarnings,
        Set<String> shadowedNames,
        boolean generatedAnnotation) {

    GeneratedHeader {
        suppressedWarnings = List.copyOf(suppressedWarnings);
        shadowedNames = Set.copyOf(shadowedNames);
    }

    static GeneratedHeader of(OperationDeclaration operation) {
        return new GeneratedHeader(
                operation.names(),
                operation.accessibility() == Accessibility.EVERYWHERE,
                suppressedWarnings(operation),
                operation.surroundings().shadowedNames(),
                operation.surroundings().generatedAnnotation());
    }

    /** Exports: in an exported package, javac asks a module to require transitively what declares {@code @Generated}. */
    private static List<String> suppressedWarnings(OperationDeclaration operation) {
        List<String> warnings = new ArrayList<>();
        if (operation.namesDeprecated()) {
            warnings.addAll(List.of("deprecation", "removal"));
        }
        if (operation.surroundings().namedModule()) {
            warnings.add("exports");
        }
        return warnings;
    }
}
