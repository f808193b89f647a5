package dev.backops.processor;

import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** Who can name a type. */
enum Accessibility {
    /** Code in every package. */
    EVERYWHERE,
    /** Code in the package of the operation. */
    PACKAGE,
    /** Only the class around it. */
    NOWHERE;

    /** What generated code in {@code from} can do with {@code type}. */
    static Accessibility of(TypeElement type, PackageElement from) {
        boolean samePackage =
                from.getQualifiedName().contentEquals(packageOf(type).getQualifiedName());
        Accessibility accessibility = EVERYWHERE;
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                if (!samePackage || element.getModifiers().contains(Modifier.PRIVATE)) {
                    return NOWHERE;
                }
                accessibility = PACKAGE;
            }
        }
        return accessibility;
    }

    static PackageElement packageOf(Element element) {
        for (Element enclosing = element; enclosing != null; enclosing = enclosing.getEnclosingElement()) {
            if (enclosing instanceof PackageElement found) {
                return found;
            }
        }
        throw new IllegalArgumentException(element + " is in no package");
    }
}
