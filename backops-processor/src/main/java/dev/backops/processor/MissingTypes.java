package dev.backops.processor;

import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/** Finds types that do not exist, or not yet, anywhere in a type. Nothing else may be asked of such a type. */
final class MissingTypes {

    private MissingTypes() {}

    static boolean isIn(TypeMirror type) {
        if (type.getKind() == TypeKind.ERROR) {
            return true;
        }
        if (type instanceof ArrayType array) {
            return isIn(array.getComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            TypeMirror upper = wildcard.getExtendsBound();
            TypeMirror lower = wildcard.getSuperBound();
            return (upper != null && isIn(upper)) || (lower != null && isIn(lower));
        }
        return type instanceof DeclaredType declared
                && declared.getTypeArguments().stream().anyMatch(MissingTypes::isIn);
    }
}
