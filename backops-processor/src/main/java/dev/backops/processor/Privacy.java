package dev.backops.processor;

import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;

/** Who may see a value, and for how long it is stored; the later, the stricter. */
enum Privacy {
    OPEN,
    SENSITIVE,
    ERASED_AT_END;

    /** What the annotations of a component or a method say. */
    static Privacy of(Element element) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (AnnotationUse.qualifiedNameOf(mirror).equals(TypeNames.SENSITIVE)) {
                boolean erased = mirror.getElementValues().values().stream()
                        .anyMatch(value -> Boolean.TRUE.equals(value.getValue()));
                return erased ? ERASED_AT_END : SENSITIVE;
            }
        }
        return OPEN;
    }

    /** The stricter of both. */
    Privacy and(Privacy other) {
        return compareTo(other) < 0 ? other : this;
    }
}
