package dev.backops.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;

/** The user's own {@code @Nullable}, which generated code repeats so that tools see the same nullness there. */
record NullableAnnotation(ClassName type, boolean onTypes) {

    /** The type as it stands in a signature. */
    TypeName annotate(TypeName name) {
        return onTypes ? name.annotated(AnnotationSpec.builder(type).build()) : name;
    }
}
