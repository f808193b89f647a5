package dev.backops.processor;

import com.palantir.javapoet.ClassName;

/** The names of an operation class and of what is generated for it: nested names are joined by {@code _}. */
record GeneratedNames(
        ClassName source, ClassName operation, ClassName context, ClassName step, ClassName branch, ClassName action) {

    static GeneratedNames of(ClassName source) {
        String prefix = String.join("_", source.simpleNames());
        return new GeneratedNames(
                source,
                ClassName.get(source.packageName(), prefix + "Operation"),
                ClassName.get(source.packageName(), prefix + "Context"),
                ClassName.get(source.packageName(), prefix + "Step"),
                ClassName.get(source.packageName(), prefix + "Branch"),
                ClassName.get(source.packageName(), prefix + "Action"));
    }
}
