package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import java.util.List;
import java.util.Optional;

/** What generated code says about the enqueues of an operation; the constants by their names. */
record EnqueueModel(
        List<String> key,
        Optional<String> keyScope,
        Optional<String> dedupe,
        Optional<String> queue,
        Optional<String> priority) {

    /** Nothing. */
    static final EnqueueModel NONE =
            new EnqueueModel(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    EnqueueModel {
        key = List.copyOf(key);
    }

    static EnqueueModel of(EnqueueDeclaration enqueue) {
        return new EnqueueModel(
                enqueue.key().stream().map(Written::text).toList(),
                enqueue.keyScope().map(Written::text),
                enqueue.dedupe().map(Written::text),
                enqueue.queue().map(Written::text),
                enqueue.priority().map(Written::text));
    }

    /** What makes an enqueue the same as a stored operation, where the call gives no key; empty if nothing does. */
    Optional<CodeBlock> declaredKey() {
        if (isBySameParams()) {
            return Optional.of(CodeBlock.of("all params"));
        }
        return key.isEmpty()
                ? Optional.empty()
                : Optional.of(key.stream()
                        .map(param -> CodeBlock.of("{@code $L}", param))
                        .collect(CodeBlock.joining(" and ")));
    }

    /** Whether an operation that has ended keeps no other one out. */
    boolean isUntilTheEnd() {
        return keyScope.filter("UNFINISHED"::equals).isPresent();
    }

    private boolean isBySameParams() {
        return dedupe.filter("SAME_PARAMS"::equals).isPresent();
    }
}
