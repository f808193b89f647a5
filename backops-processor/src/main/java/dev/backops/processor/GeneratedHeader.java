package dev.backops.processor;

import java.util.Set;

/**
 * What all generated types of one operation have in common.
 *
 * @param isPublic whether they are visible everywhere, as the operation class is
 * @param namesDeprecated whether they name something deprecated
 * @param shadowedNames simple names of {@code java.lang} that mean another class in their package
 * @param generatedAnnotation whether they can carry {@code @Generated}
 */
record GeneratedHeader(
        GeneratedNames names,
        boolean isPublic,
        boolean namesDeprecated,
        Set<String> shadowedNames,
        boolean generatedAnnotation) {

    GeneratedHeader {
        shadowedNames = Set.copyOf(shadowedNames);
    }

    static GeneratedHeader of(OperationDeclaration operation) {
        return new GeneratedHeader(
                operation.names(),
                operation.accessibility() == Accessibility.EVERYWHERE,
                operation.namesDeprecated(),
                operation.surroundings().shadowedNames(),
                operation.surroundings().generatedAnnotation());
    }
}
