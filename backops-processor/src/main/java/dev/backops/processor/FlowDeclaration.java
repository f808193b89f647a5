package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/** Where a step stands, what follows it, and when it runs. What the source leaves out is empty. */
record FlowDeclaration(
        Written branch,
        List<Written> jumpsTo,
        Optional<Written> then,
        Optional<Written> onFailure,
        Optional<Written> delay,
        Optional<Written> at) {

    FlowDeclaration {
        jumpsTo = List.copyOf(jumpsTo);
    }

    static FlowDeclaration of(AnnotationUse annotation) {
        return new FlowDeclaration(
                new Written(annotation.stringOr("branch", FlowStep.MAIN), annotation.place("branch")),
                annotation.list("jumpsTo").stream()
                        .filter(item -> item.getValue() instanceof String)
                        .map(item -> new Written((String) item.getValue(), annotation.placeOf(item)))
                        .toList(),
                text(annotation, "then"),
                text(annotation, "onFailure"),
                text(annotation, "delay"),
                text(annotation, "at"));
    }

    List<String> jumps() {
        return jumpsTo.stream().map(Written::text).toList();
    }

    boolean isOnMain() {
        return branch.text().equals(FlowStep.MAIN);
    }

    private static Optional<Written> text(AnnotationUse annotation, String name) {
        String text = annotation.stringOr(name, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(new Written(text, annotation.place(name)));
    }
}
