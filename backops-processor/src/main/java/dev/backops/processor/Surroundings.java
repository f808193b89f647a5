package dev.backops.processor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

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
        return new Surroundings(
                shadowedNames(Accessibility.packageOf(operation), module, elements),
                module != null && !module.isUnnamed(),
                find(TypeNames.GENERATED.canonicalName(), module, elements) != null);
    }

    private static Set<String> shadowedNames(PackageElement around, @Nullable ModuleElement module, Elements elements) {
        String prefix = around.isUnnamed() ? "" : around.getQualifiedName() + ".";
        Set<String> shadowed = new TreeSet<>();
        for (String used : USED_OF_JAVA_LANG) {
            if (find(prefix + used, module, elements) != null) {
                shadowed.add(used);
            }
        }
        return shadowed;
    }

    /** Asked without a module, javac looks for what is not there in every module of the JDK. */
    private static @Nullable TypeElement find(String name, @Nullable ModuleElement module, Elements elements) {
        return module == null ? elements.getTypeElement(name) : elements.getTypeElement(module, name);
    }
}
