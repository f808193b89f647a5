package dev.backops.processor;

import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/**
 * What annotations say about a param or an output.
 *
 * @param orElse the text of its default
 */
record ValueMarks(Optional<String> orElse, boolean indexed, Privacy privacy) {

    static ValueMarks of(Element element, Elements elements) {
        return new ValueMarks(
                AnnotationUse.find(element, TypeNames.DEFAULT, elements)
                        .flatMap(annotation -> Optional.ofNullable(annotation.string("value"))),
                AnnotationUse.isOn(element, TypeNames.INDEXED),
                Privacy.of(element));
    }

    /** These, at least as private as something around them. */
    ValueMarks within(Privacy other) {
        return new ValueMarks(orElse, indexed, privacy.and(other));
    }
}
