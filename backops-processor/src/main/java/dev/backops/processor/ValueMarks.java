package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/**
 * What annotations say about a param or an output.
 *
 * @param formerly the names that it had before
 * @param orElse the text of its default
 */
record ValueMarks(List<Written> formerly, Optional<String> orElse, boolean indexed, Privacy privacy) {

    ValueMarks {
        formerly = List.copyOf(formerly);
    }

    /** The marks of something; what is wrong with them is reported at the place. */
    static ValueMarks of(Element element, Place place, Elements elements) {
        return new ValueMarks(
                AnnotationUse.find(element, TypeNames.FORMERLY, elements).stream()
                        .flatMap(annotation -> annotation.texts("value").stream())
                        .map(name -> new Written(name.text(), place))
                        .toList(),
                AnnotationUse.find(element, TypeNames.DEFAULT, elements)
                        .flatMap(annotation -> Optional.ofNullable(annotation.string("value"))),
                AnnotationUse.isOn(element, TypeNames.INDEXED),
                Privacy.of(element));
    }

    /** These, with other former names, and at least as private as something around them. */
    ValueMarks within(List<Written> names, Privacy other) {
        return new ValueMarks(names, orElse, indexed, privacy.and(other));
    }
}
