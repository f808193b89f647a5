package dev.backops.codegen;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of an operation, as it is stored and resumed.
 *
 * @param name the stored name
 * @param branch the branch it belongs to
 * @param reads names of the params and outputs that must be set when the step starts
 * @param mayRead names of those that the step takes if they are set
 * @param outputs what the step sets
 * @param jumps the steps and branches that it may jump to, {@code end} among them
 * @param alwaysJumps whether it never goes on in order
 * @param then the step or branch that always follows, {@code end}, or null for the next one of the branch
 * @param onFailure the branch that runs once the step has failed for good, or null
 * @param delay how long after the previous step it runs
 * @param at the param or output that says when it runs, or null
 * @param retry what happens when it fails; not stored, the running code decides
 */
public record StepDefinition(
        String name,
        String branch,
        List<String> reads,
        List<String> mayRead,
        List<Field<?>> outputs,
        List<String> jumps,
        boolean alwaysJumps,
        @Nullable String then,
        @Nullable String onFailure,
        Duration delay,
        @Nullable String at,
        RetryPolicy retry) {

    /** The branch on which every operation begins. */
    public static final String MAIN = "main";

    /** What {@code then} and jumps name to end the operation. */
    public static final String END = "end";

    public StepDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(branch, "branch");
        reads = List.copyOf(reads);
        mayRead = List.copyOf(mayRead);
        outputs = List.copyOf(outputs);
        jumps = List.copyOf(jumps);
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(retry, "retry");
    }

    /** A step of the branch {@code main} that reads and sets nothing, runs at once and retries by default. */
    public static StepDefinition named(String name) {
        return new StepDefinition(
                name,
                MAIN,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                /* alwaysJumps= */ false,
                null,
                null,
                Duration.ZERO,
                null,
                RetryPolicy.DEFAULT);
    }

    public StepDefinition branch(String newBranch) {
        return new StepDefinition(
                name, newBranch, reads, mayRead, outputs, jumps, alwaysJumps, then, onFailure, delay, at, retry);
    }

    public StepDefinition reads(String... names) {
        return new StepDefinition(
                name, branch, List.of(names), mayRead, outputs, jumps, alwaysJumps, then, onFailure, delay, at, retry);
    }

    public StepDefinition mayRead(String... names) {
        return new StepDefinition(
                name, branch, reads, List.of(names), outputs, jumps, alwaysJumps, then, onFailure, delay, at, retry);
    }

    public StepDefinition outputs(Field<?>... fields) {
        return new StepDefinition(
                name, branch, reads, mayRead, List.of(fields), jumps, alwaysJumps, then, onFailure, delay, at, retry);
    }

    /** A step that may jump to one of these, or go on in order. */
    public StepDefinition jumps(String... targets) {
        return jumps(List.of(targets), /* always= */ false);
    }

    /** A step that always jumps to one of these. */
    public StepDefinition alwaysJumps(String... targets) {
        return jumps(List.of(targets), /* always= */ true);
    }

    private StepDefinition jumps(List<String> targets, boolean always) {
        return new StepDefinition(
                name, branch, reads, mayRead, outputs, targets, always, then, onFailure, delay, at, retry);
    }

    public StepDefinition then(String target) {
        return new StepDefinition(
                name, branch, reads, mayRead, outputs, jumps, alwaysJumps, target, onFailure, delay, at, retry);
    }

    public StepDefinition onFailure(String failureBranch) {
        return new StepDefinition(
                name, branch, reads, mayRead, outputs, jumps, alwaysJumps, then, failureBranch, delay, at, retry);
    }

    /** The delay, in ISO-8601. */
    public StepDefinition delay(String duration) {
        return new StepDefinition(
                name,
                branch,
                reads,
                mayRead,
                outputs,
                jumps,
                alwaysJumps,
                then,
                onFailure,
                Duration.parse(duration),
                at,
                retry);
    }

    public StepDefinition at(String paramOrOutput) {
        return new StepDefinition(
                name,
                branch,
                reads,
                mayRead,
                outputs,
                jumps,
                alwaysJumps,
                then,
                onFailure,
                delay,
                paramOrOutput,
                retry);
    }

    public StepDefinition retry(RetryPolicy policy) {
        return new StepDefinition(
                name, branch, reads, mayRead, outputs, jumps, alwaysJumps, then, onFailure, delay, at, policy);
    }

    /** Whether it waits for nothing but the previous step. */
    public boolean startsAtOnce() {
        return delay.isZero() && at == null;
    }
}
