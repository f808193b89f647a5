package dev.backops.processor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * What generated code meets in the package and module of an operation.
 *
 * @param shadowedNames simple names of {@code java.lang} that mean another class in the package
 * @param namedModule whether the class is in a named module
 * @param generatedAnnotation whether the module reads the one with {@code @Generated}
 */
record Surroundings(Set<String> shadowedNames, boolean namedModule, boolean generatedAnnotation) {

    private static final List<String> USED_OF_JAVA_LANG = List.of(
            "Boolean",
            "Byte",
            "Character",
            "Double",
            "Exception",
            "Float",
            "Integer",
            "Long",
            "Object",
            "Short",
            "String",
            "SuppressWarnings");

    Surroundings {
        shadowedNames = Set.copyOf(shadowedNames);
    }

    static Surroundings of(TypeElement operation, Elements elements) {
        ModuleElement module = elements.getModuleOf(operation);
        boolean named = module != null && !module.isUnnamed();
        String generated = TypeNames.GENERATED.canonicalName();
        TypeElement annotation =
                named ? elements.getTypeElement(module, generated) : elements.getTypeElement(generated);
        return new Surroundings(shadowedNames(operation, elements), named, annotation != null);
    }

    private static Set<String> shadowedNames(TypeElement operation, Elements elements) {
        String name = Accessibility.packageOf(operation).getQualifiedName().toString();
        String prefix = name.isEmpty() ? "" : name + ".";
        Set<String> shadowed = new TreeSet<>();
        for (String used : USED_OF_JAVA_LANG) {
            if (elements.getTypeElement(prefix + used) != null) {
                shadowed.add(used);
            }
        }
        return shadowed;
    }
}
