package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** The nested type {@code Params} of an operation; its components, if it is a record. */
record ParamsDeclaration(
        ClassName name,
        Place place,
        boolean isRecord,
        boolean isGeneric,
        Set<Modifier> modifiers,
        List<ValueDeclaration> components) {

    ParamsDeclaration {
        modifiers = Set.copyOf(modifiers);
        components = List.copyOf(components);
    }

    /** Whether generated code can name the record and call its constructor. */
    boolean isUsable() {
        return isRecord && !isGeneric && !modifiers.contains(Modifier.PRIVATE);
    }
}
