package dev.backops.processor;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Steps of a flow, for tests, as short as they can be written. */
final class FlowSteps {

    private FlowSteps() {}

    /** A step of {@code main} that goes on in order. */
    static FlowStep main(String name) {
        return on("main", name);
    }

    static FlowStep on(String branch, String name) {
        return new FlowStep(
                name,
                branch,
                Set.of(),
                Set.of(),
                List.of(),
                /* alwaysJumps= */ false,
                Optional.empty(),
                Optional.empty(),
                /* waits= */ false);
    }

    static FlowStep sets(FlowStep step, String... outputs) {
        return new FlowStep(
                step.name(),
                step.branch(),
                new LinkedHashSet<>(Arrays.asList(outputs)),
                step.maySet(),
                step.jumps(),
                step.alwaysJumps(),
                step.then(),
                step.onFailure(),
                step.waits());
    }

    static FlowStep maySet(FlowStep step, String... outputs) {
        return new FlowStep(
                step.name(),
                step.branch(),
                step.sets(),
                new LinkedHashSet<>(Arrays.asList(outputs)),
                step.jumps(),
                step.alwaysJumps(),
                step.then(),
                step.onFailure(),
                step.waits());
    }

    /** Always jumps to one of these. */
    static FlowStep jumps(FlowStep step, String... targets) {
        return jumps(step, /* always= */ true, targets);
    }

    static FlowStep mayJump(FlowStep step, String... targets) {
        return jumps(step, /* always= */ false, targets);
    }

    static FlowStep then(FlowStep step, String target) {
        return new FlowStep(
                step.name(),
                step.branch(),
                step.sets(),
                step.maySet(),
                step.jumps(),
                step.alwaysJumps(),
                Optional.of(target),
                step.onFailure(),
                step.waits());
    }

    static FlowStep onFailure(FlowStep step, String branch) {
        return new FlowStep(
                step.name(),
                step.branch(),
                step.sets(),
                step.maySet(),
                step.jumps(),
                step.alwaysJumps(),
                step.then(),
                Optional.of(branch),
                step.waits());
    }

    static FlowStep waits(FlowStep step) {
        return new FlowStep(
                step.name(),
                step.branch(),
                step.sets(),
                step.maySet(),
                step.jumps(),
                step.alwaysJumps(),
                step.then(),
                step.onFailure(),
                /* waits= */ true);
    }

    private static FlowStep jumps(FlowStep step, boolean always, String... targets) {
        return new FlowStep(
                step.name(),
                step.branch(),
                step.sets(),
                step.maySet(),
                List.of(targets),
                always,
                step.then(),
                step.onFailure(),
                step.waits());
    }
}
