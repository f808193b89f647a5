package dev.backops.processor;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes the enum of an operation's steps. */
final class StepEnumWriter {

    private StepEnumWriter() {}

    static TypeSpec.Builder write(StepEnumModel model) {
        GeneratedNames names = model.header().names();
        if (model.constants().isEmpty()) {
            // An operation without steps is a mistake; the type stands in for the enum until it is mended.
            return TypeSpec.classBuilder(names.step())
                    .addModifiers(Modifier.FINAL)
                    .addJavadoc("The steps of {@link $T}.", names.source())
                    .addMethod(MethodSpec.constructorBuilder()
                            .addModifiers(Modifier.PRIVATE)
                            .build());
        }
        TypeSpec.Builder type = TypeSpec.enumBuilder(names.step())
                .addJavadoc("The steps of {@link $T}, in their order.", names.source())
                .addField(TypeNames.STRING, "stepName", Modifier.PRIVATE, Modifier.FINAL);
        for (StepEnumModel.Constant constant : model.constants()) {
            type.addEnumConstant(
                    constant.name(),
                    TypeSpec.anonymousClassBuilder("$S", constant.stepName()).build());
        }
        return type.addMethod(constructor()).addMethod(stepName());
    }

    private static MethodSpec constructor() {
        return MethodSpec.constructorBuilder()
                .addParameter(TypeNames.STRING, "stepName")
                .addStatement("this.stepName = stepName")
                .build();
    }

    private static MethodSpec stepName() {
        return MethodSpec.methodBuilder("stepName")
                .addJavadoc("The name under which the step is stored.")
                .addModifiers(Modifier.PUBLIC)
                .returns(TypeNames.STRING)
                .addStatement("return stepName")
                .build();
    }
}
