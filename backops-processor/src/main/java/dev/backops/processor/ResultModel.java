package dev.backops.processor;

import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Optional;

/**
 * What generated code makes of the result of a step.
 *
 * @param record the record whose components are the outputs, if it is one
 * @param nullness whether the result as a whole may be missing
 * @param jump how it says where the step jumps, if it does
 */
record ResultModel(Optional<TypeName> record, Nullness nullness, List<OutputModel> outputs, Optional<JumpModel> jump) {

    ResultModel {
        outputs = List.copyOf(outputs);
    }

    /** Whether the step never goes on in order. */
    boolean alwaysJumps() {
        return !nullness.mayBeMissing()
                && jump.isPresent()
                && !jump.get().nullness().mayBeMissing();
    }
}
