package dev.backops.processor;

import com.palantir.javapoet.NameAllocator;
import java.util.List;

/** What the generated enum of steps needs: names only, so that it can be written before any type is known. */
record StepEnumModel(GeneratedHeader header, List<Constant> constants) {

    StepEnumModel {
        constants = List.copyOf(constants);
    }

    /** One step. */
    record Constant(String name, String stepName) {}

    static StepEnumModel of(OperationDeclaration operation) {
        NameAllocator names = new NameAllocator();
        names.newName("stepName");
        return new StepEnumModel(
                GeneratedHeader.of(operation),
                operation.steps().stream()
                        .map(StepDeclaration::name)
                        .distinct()
                        .map(name -> new Constant(JavaNames.constant(name, names), name))
                        .toList());
    }
}
