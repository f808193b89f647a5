package dev.backops.processor;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a step says about the names that it, its branch and its output had before.
 *
 * @param outputs of a record of outputs, what stood before the names of the components
 */
record FormerNames(List<Written> names, List<Written> branches, List<Written> outputs) {

    FormerNames {
        names = List.copyOf(names);
        branches = List.copyOf(branches);
        outputs = List.copyOf(outputs);
    }

    /** The names, each once. */
    static List<String> distinct(Stream<Written> names) {
        return names.map(Written::text).distinct().toList();
    }

    static FormerNames of(AnnotationUse step) {
        return new FormerNames(step.texts("formerly"), step.texts("branchFormerly"), step.texts("outputFormerly"));
    }

    /** The same with what is said elsewhere about the branch. */
    FormerNames onBranch(List<Written> branchNames) {
        return new FormerNames(names, branchNames, outputs);
    }
}
