package dev.backops.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** One generated type, with what all of them have in common. */
final class GeneratedFile {

    private GeneratedFile() {}

    static JavaFile of(TypeSpec.Builder type, GeneratedHeader header) {
        addAnnotations(type, header);
        if (header.isPublic()) {
            type.addModifiers(Modifier.PUBLIC);
        }
        type.alwaysQualify(header.shadowedNames().stream().sorted().toArray(String[]::new));
        return JavaFile.builder(header.names().source().packageName(), type.build())
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
    }

    private static void addAnnotations(TypeSpec.Builder type, GeneratedHeader header) {
        if (header.generatedAnnotation()) {
            type.addAnnotation(AnnotationSpec.builder(TypeNames.GENERATED)
                    .addMember("value", "$S", BackOpsProcessor.class.getName())
                    .build());
        }
        if (!header.suppressedWarnings().isEmpty()) {
            AnnotationSpec.Builder suppress = AnnotationSpec.builder(SuppressWarnings.class);
            header.suppressedWarnings().forEach(warning -> suppress.addMember("value", "$S", warning));
            type.addAnnotation(suppress.build());
        }
    }
}
