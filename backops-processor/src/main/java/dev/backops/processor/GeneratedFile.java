package dev.backops.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.io.Writer;
import javax.annotation.processing.Filer;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaFileObject;

/** Writes one generated type, with what all of them have in common. */
final class GeneratedFile {

    private GeneratedFile() {}

    static void write(TypeSpec.Builder type, GeneratedHeader header, TypeElement operation, Filer filer)
            throws IOException {
        addAnnotations(type, header);
        if (header.isPublic()) {
            type.addModifiers(Modifier.PUBLIC);
        }
        type.alwaysQualify(header.shadowedNames().stream().sorted().toArray(String[]::new));
        JavaFile file = JavaFile.builder(header.names().source().packageName(), type.build())
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
        write(file, operation, filer);
    }

    /** In one piece: JavaPoet itself writes thousands, each of which costs. */
    private static void write(JavaFile file, TypeElement operation, Filer filer) throws IOException {
        String text = file.toString();
        ClassName name = ClassName.get(file.packageName(), file.typeSpec().name());
        JavaFileObject target = filer.createSourceFile(name.canonicalName(), operation);
        try (Writer writer = target.openWriter()) {
            writer.write(text);
        } catch (IOException e) {
            target.delete();
            throw e;
        }
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
