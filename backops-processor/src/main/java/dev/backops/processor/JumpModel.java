package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;

/**
 * How generated code turns what a step returns into the name of what it jumps to.
 *
 * @param type the enum
 * @param component the component of the returned record that it is; empty where the step returns it as it is
 * @param cases in the order of the targets: the Eclipse compiler does not keep that of an enum in a class file
 */
record JumpModel(ClassName type, String component, Nullness nullness, List<Case> cases) {

    JumpModel {
        cases = List.copyOf(cases);
    }

    static JumpModel of(JumpDeclaration jump, List<String> targets) {
        return new JumpModel(
                jump.constants().type(),
                jump.component(),
                jump.nullness(),
                targets.stream()
                        .map(target -> new Case(
                                jump.constants().constants().stream()
                                        .filter(constant -> JumpNames.areAlike(constant, target))
                                        .findFirst()
                                        .orElseThrow(),
                                target))
                        .toList());
    }

    /** One constant and what it jumps to. */
    record Case(String constant, String target) {}
}
