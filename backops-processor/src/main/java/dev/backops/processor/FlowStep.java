package dev.backops.processor;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A step as far as its place in the flow goes.
 *
 * @param sets the outputs that are set whenever it completes
 * @param maySet the outputs that are set or unset when it completes
 * @param jumps the steps and branches that it may jump to, {@code end} among them
 * @param alwaysJumps whether it never goes on without a jump
 * @param then what follows without a jump, if not the next step of the branch
 * @param onFailure the branch that runs once it has failed for good
 * @param waits whether it starts later than the previous one ends
 */
record FlowStep(
        String name,
        String branch,
        Set<String> sets,
        Set<String> maySet,
        List<String> jumps,
        boolean alwaysJumps,
        Optional<String> then,
        Optional<String> onFailure,
        boolean waits) {

    static final String MAIN = "main";
    static final String END = "end";

    FlowStep {
        sets = Set.copyOf(sets);
        maySet = Set.copyOf(maySet);
        jumps = List.copyOf(jumps);
    }

    boolean isMain() {
        return branch.equals(MAIN);
    }

    boolean writes(String output) {
        return sets.contains(output) || maySet.contains(output);
    }
}
