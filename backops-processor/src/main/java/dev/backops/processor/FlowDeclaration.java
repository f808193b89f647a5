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
        return of(annotation, new Written(annotation.stringOr("branch", FlowStep.MAIN), annotation.place("branch")));
    }

    /** On a branch that something else says. */
    static FlowDeclaration of(AnnotationUse annotation, Written branch) {
        return new FlowDeclaration(
                branch,
                annotation.texts("jumpsTo"),
                annotation.text("then"),
                annotation.text("onFailure"),
                annotation.text("delay"),
                annotation.text("at"));
    }

    List<String> jumps() {
        return jumpsTo.stream().map(Written::text).toList();
    }

    boolean isOnMain() {
        return branch.text().equals(FlowStep.MAIN);
    }
}
