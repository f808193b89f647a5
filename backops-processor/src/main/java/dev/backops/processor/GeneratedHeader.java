package dev.backops.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What all types that are generated beside one class have in common.
 *
 * @param isPublic whether they are visible everywhere, as that class is
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
        return of(operation.type(), operation.namesDeprecated());
    }

    static GeneratedHeader of(ActionDeclaration action) {
        return of(action.type(), action.namesDeprecated());
    }

    private static GeneratedHeader of(ClassDeclaration source, boolean namesDeprecated) {
        return new GeneratedHeader(
                source.names(),
                source.accessibility() == Accessibility.EVERYWHERE,
                suppressedWarnings(source, namesDeprecated),
                source.surroundings().shadowedNames(),
                source.surroundings().generatedAnnotation());
    }

    /** Exports: in an exported package, javac asks a module to require transitively what declares {@code @Generated}. */
    private static List<String> suppressedWarnings(ClassDeclaration source, boolean namesDeprecated) {
        List<String> warnings = new ArrayList<>();
        if (namesDeprecated) {
            warnings.addAll(List.of("deprecation", "removal"));
        }
        if (source.surroundings().namedModule()) {
            warnings.add("exports");
        }
        return warnings;
    }
}
