package dev.backops.processor;

import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.Optional;

/**
 * What a step method returns.
 *
 * @param constants the enum, if it is one
 * @param record the components, if it is a record
 */
record ResultDeclaration(TypeUse type, Optional<EnumDeclaration> constants, Optional<RecordType> record) {

    /** Whether it, or where it jumps, is of a type that does not exist, or not yet. */
    boolean isMissing() {
        return type.isMissing()
                || record.stream()
                        .flatMap(returned -> returned.jumps().stream())
                        .anyMatch(jump -> jump.type().isMissing());
    }

    /**
     * A record that a step returns.
     *
     * @param accessible whether generated code can name it
     */
    record RecordType(
            TypeName type, String simpleName, boolean accessible, boolean deprecated, List<Component> components) {

        RecordType {
            components = List.copyOf(components);
        }

        /** Those that are marked as jumps. */
        List<Component> jumps() {
            return components.stream().filter(Component::isJump).toList();
        }
    }

    /**
     * A component of a returned record.
     *
     * @param isJump whether it says where the step jumps
     * @param constants the enum, if it is one
     */
    record Component(
            String name, TypeUse type, boolean isJump, Optional<EnumDeclaration> constants, ValueMarks marks) {}
}
