package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.NameAllocator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the generated enum of steps or branches needs: names only, so that it can be written before any type is known.
 *
 * @param accessor the method that returns the stored name
 * @param what the constants are, as the documentation calls one and all of them
 */
record NameEnumModel(
        GeneratedHeader header, ClassName type, String accessor, String what, String all, List<Constant> constants) {

    private static final String STEP = "step";

    NameEnumModel {
        constants = List.copyOf(constants);
    }

    /** The type that repairs take, which the steps implement. */
    Optional<ClassName> implemented() {
        return what.equals(STEP) ? Optional.of(TypeNames.STEP_NAME) : Optional.empty();
    }

    /** One step or branch. */
    record Constant(String name, String storedName) {}

    static NameEnumModel ofSteps(OperationDeclaration operation) {
        return of(
                operation,
                operation.names().step(),
                STEP,
                "The steps of {@link $T}, in their order.",
                operation.steps().stream().map(StepDeclaration::name));
    }

    /** The branches; without a constant where there is none beside {@code main}. */
    static NameEnumModel ofBranches(OperationDeclaration operation) {
        Stream<String> branches =
                operation.steps().stream().map(step -> step.flow().branch().text());
        return of(
                operation,
                operation.names().branch(),
                "branch",
                "The branches of {@link $T}, {@code main} first.",
                operation.hasBranches() ? Stream.concat(Stream.of(FlowStep.MAIN), branches) : Stream.empty());
    }

    private static NameEnumModel of(
            OperationDeclaration operation, ClassName type, String what, String all, Stream<String> storedNames) {
        NameAllocator names = new NameAllocator();
        String accessor = names.newName(what + "Name");
        return new NameEnumModel(
                GeneratedHeader.of(operation),
                type,
                accessor,
                what,
                all,
                storedNames
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .map(name -> new Constant(JavaNames.constant(name, names), name))
                        .toList());
    }
}
