package dev.backops.codegen;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One step of an operation, as it is stored and resumed. Immutable: each setting returns another definition. */
public final class StepDefinition {

    /** The branch on which every operation begins. */
    public static final String MAIN = "main";

    /** What {@code then} and jumps name to end the operation. */
    public static final String END = "end";

    private final String name;
    private List<String> formerNames = List.of();
    private String branch = MAIN;
    private List<String> reads = List.of();
    private List<String> mayRead = List.of();
    private List<Field<?>> outputs = List.of();
    private List<String> jumps = List.of();
    private boolean alwaysJumps;
    private @Nullable String then;
    private @Nullable String onFailure;
    private Duration delay = Duration.ZERO;
    private @Nullable String at;
    private @Nullable Duration timeout;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private boolean isTransactional;

    private StepDefinition(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** A step of the branch {@code main} that reads and sets nothing, runs at once and retries by default. */
    public static StepDefinition named(String name) {
        return new StepDefinition(name);
    }

    private StepDefinition with(Consumer<StepDefinition> change) {
        StepDefinition copy = new StepDefinition(name);
        copy.formerNames = formerNames;
        copy.branch = branch;
        copy.reads = reads;
        copy.mayRead = mayRead;
        copy.outputs = outputs;
        copy.jumps = jumps;
        copy.alwaysJumps = alwaysJumps;
        copy.then = then;
        copy.onFailure = onFailure;
        copy.delay = delay;
        copy.at = at;
        copy.timeout = timeout;
        copy.retry = retry;
        copy.isTransactional = isTransactional;
        change.accept(copy);
        return copy;
    }

    /** Names under which the step was stored before; work stored under them goes on with this step. */
    public StepDefinition formerly(String... names) {
        return with(copy -> copy.formerNames = List.of(names));
    }

    public StepDefinition branch(String newBranch) {
        return with(copy -> copy.branch = Objects.requireNonNull(newBranch, "branch"));
    }

    /** The params and outputs that must be set when the step starts. */
    public StepDefinition reads(String... names) {
        return with(copy -> copy.reads = List.of(names));
    }

    /** Those that the step takes if they are set. */
    public StepDefinition mayRead(String... names) {
        return with(copy -> copy.mayRead = List.of(names));
    }

    public StepDefinition outputs(Field<?>... fields) {
        return with(copy -> copy.outputs = List.of(fields));
    }

    /** A step that may jump to one of these, or go on in order. */
    public StepDefinition jumps(String... targets) {
        return with(copy -> copy.jumps = List.of(targets));
    }

    /** A step that always jumps to one of these. */
    public StepDefinition alwaysJumps(String... targets) {
        return with(copy -> {
            copy.jumps = List.of(targets);
            copy.alwaysJumps = true;
        });
    }

    public StepDefinition then(String target) {
        return with(copy -> copy.then = target);
    }

    public StepDefinition onFailure(String failureBranch) {
        return with(copy -> copy.onFailure = failureBranch);
    }

    /** The delay, in ISO-8601. */
    public StepDefinition delay(String duration) {
        return with(copy -> copy.delay = Duration.parse(duration));
    }

    public StepDefinition at(String paramOrOutput) {
        return with(copy -> copy.at = paramOrOutput);
    }

    /** How long one attempt may take, in ISO-8601. */
    public StepDefinition timeout(String duration) {
        return with(copy -> copy.timeout = Duration.parse(duration));
    }

    public StepDefinition retry(RetryPolicy policy) {
        return with(copy -> copy.retry = Objects.requireNonNull(policy, "retry"));
    }

    /** A step that works in the transaction of its record. */
    public StepDefinition transactional() {
        return with(copy -> copy.isTransactional = true);
    }

    /** The stored name. */
    public String name() {
        return name;
    }

    /** Names under which the step was stored before. */
    public List<String> formerNames() {
        return formerNames;
    }

    /** The branch it belongs to. */
    public String branch() {
        return branch;
    }

    /** Names of the params and outputs that must be set when the step starts. */
    public List<String> reads() {
        return reads;
    }

    /** Names of those that the step takes if they are set. */
    public List<String> mayRead() {
        return mayRead;
    }

    /** What the step sets. */
    public List<Field<?>> outputs() {
        return outputs;
    }

    /** The steps and branches that it may jump to, {@code end} among them. */
    public List<String> jumps() {
        return jumps;
    }

    /** Whether it never goes on in order. */
    public boolean alwaysJumps() {
        return alwaysJumps;
    }

    /** The step or branch that always follows, {@code end}, or null for the next one of the branch. */
    public @Nullable String then() {
        return then;
    }

    /** The branch that runs once the step has failed for good, or null. */
    public @Nullable String onFailure() {
        return onFailure;
    }

    /** How long after the previous step it runs. */
    public Duration delay() {
        return delay;
    }

    /** The param or output that says when it runs, or null. */
    public @Nullable String at() {
        return at;
    }

    /** How long one attempt may take, or null for as long as it likes; not stored, the running code decides. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** What happens when it fails; not stored, the running code decides. */
    public RetryPolicy retry() {
        return retry;
    }

    /** Whether it works in the transaction of its record; not stored, the running code decides. */
    public boolean isTransactional() {
        return isTransactional;
    }

    /** Whether it waits for nothing but the previous step. */
    public boolean startsAtOnce() {
        return delay.isZero() && at == null;
    }

    @Override
    public String toString() {
        return name;
    }
}
