package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;

/**
 * An enum whose constants say where a step jumps.
 *
 * @param accessible whether generated code can name it
 * @param deprecated whether it, or one of its constants, is deprecated
 */
record EnumDeclaration(ClassName type, List<String> constants, boolean accessible, boolean deprecated) {

    EnumDeclaration {
        constants = List.copyOf(constants);
    }
}
