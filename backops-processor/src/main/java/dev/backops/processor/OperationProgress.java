package dev.backops.processor;

/**
 * How far one operation class has come.
 *
 * @param className the class by name, since elements do not survive a round
 */
record OperationProgress(String className, Stage stage) {

    /** What has been written, and what follows. */
    enum Stage {
        /** Nothing. The enum of steps follows, and the context, if its types exist. */
        NEW,
        /** The enum of steps. The context follows, whatever types exist. */
        STEPS_WRITTEN,
        /** The same, without the steps of action types that do not exist, or not yet. The context follows. */
        SOME_STEPS_WRITTEN,
        /** The context as well. Validation follows. */
        CONTEXT_WRITTEN,
        /** The context without what is of missing types. Validation follows. */
        PARTIAL_CONTEXT_WRITTEN,
        /** All, without mistakes as far as was known in that round. Validation follows. */
        OPERATION_WRITTEN,
        /** All, but types were missing or mistaken. Validation follows as soon as types exist. */
        SKELETON_WRITTEN,
        /** All, while the context was still missing. That the class names this very context is to be seen. */
        WRITTEN_AHEAD,
        /** All there is to write. */
        DONE
    }

    OperationProgress at(Stage next) {
        return new OperationProgress(className, next);
    }

    /** Whether its context is written and a round has passed since. */
    boolean isReadyForValidation() {
        return stage == Stage.CONTEXT_WRITTEN
                || stage == Stage.PARTIAL_CONTEXT_WRITTEN
                || stage == Stage.OPERATION_WRITTEN
                || stage == Stage.SKELETON_WRITTEN;
    }

    boolean needsContext() {
        return stage == Stage.NEW || stage == Stage.STEPS_WRITTEN || stage == Stage.SOME_STEPS_WRITTEN;
    }
}
