package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/** What an operation says about its enqueues. What the source leaves out is empty. */
record EnqueueDeclaration(
        List<Written> key,
        Optional<Written> keyScope,
        Optional<Written> dedupe,
        Optional<Written> queue,
        Optional<Written> priority) {

    EnqueueDeclaration {
        key = List.copyOf(key);
    }

    static EnqueueDeclaration of(AnnotationUse operation) {
        return new EnqueueDeclaration(
                operation.texts("key"),
                operation.constant("keyScope"),
                operation.constant("dedupe"),
                operation.writes("queue")
                        ? Optional.of(new Written(operation.stringOr("queue", "default"), operation.place("queue")))
                        : Optional.empty(),
                operation.constant("priority"));
    }

    /** Whether equal params make two enqueues the same. */
    boolean isBySameParams() {
        return dedupe.filter(written -> written.text().equals("SAME_PARAMS")).isPresent();
    }
}
