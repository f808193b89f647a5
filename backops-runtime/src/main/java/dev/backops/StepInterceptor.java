package dev.backops;

/**
 * Runs around every call of a step, for tracing, tenancy and the like; see {@link BackOps.Builder#interceptor}.
 *
 * <p>It is called on the thread of the step, so that what it binds to the thread is there for the step; whatever it binds it
 * has to take off again. A transactional step is inside of its transaction already, and is not committed when the call
 * returns; where the database asks for a repetition, interceptor and step are called again. Several interceptors enclose
 * each other in the order in which they were added.
 *
 * <pre>{@code
 * builder.interceptor((run, step) -> {
 *   try (var span = tracer.start(run.operation() + "." + run.step())) {
 *     step.call();
 *   }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface StepInterceptor {

    /**
     * Calls the step exactly once. What this throws instead of the step, before or after it, makes the attempt fail; what
     * the step throws makes it fail even if it is caught here.
     *
     * @param run what the step sees of itself
     * @throws Exception what the step throws, or an error of this
     */
    void around(StepRun run, Call step) throws Exception;

    /** The call of the step. */
    @FunctionalInterface
    interface Call {

        /**
         * Calls the step, and the interceptors inside of this one.
         *
         * @throws Exception what the step throws
         * @throws IllegalStateException if it was called before
         */
        void call() throws Exception;
    }
}
