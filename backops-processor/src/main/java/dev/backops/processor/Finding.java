package dev.backops.processor;

import java.util.List;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;

/**
 * One mistake, with the place it is reported at.
 *
 * @param id names the kind of mistake, its page in the documentation, and the word that suppresses a warning
 * @param lines what is wrong, then what to do
 */
record Finding(Diagnostic.Kind kind, String id, List<String> lines, Place place) {

    private static final int MOST_LINES = 10;

    Finding {
        lines = List.copyOf(lines);
    }

    boolean isError() {
        return kind == Diagnostic.Kind.ERROR;
    }

    /** Whether the element or one around it carries {@code @SuppressWarnings("BackOps/Id")}. */
    boolean isSuppressed() {
        if (isError()) {
            return false;
        }
        for (Element element = place.element(); element != null; element = element.getEnclosingElement()) {
            if (AnnotationUse.suppressedWarnings(element).contains("BackOps/" + id)) {
                return true;
            }
        }
        return false;
    }

    /** The text as the compiler prints it. */
    String text() {
        List<String> shown = lines.subList(0, Math.min(MOST_LINES, lines.size()));
        return "[BackOps/" + id + "] " + String.join("\n    ", shown);
    }
}
