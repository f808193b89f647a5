package dev.backops.processor;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes the enum of an operation's steps or branches. */
final class NameEnumWriter {

    private NameEnumWriter() {}

    static TypeSpec.Builder write(NameEnumModel model) {
        GeneratedNames names = model.header().names();
        if (model.constants().isEmpty()) {
            // An operation without steps is a mistake; the type stands in for the enum until it is mended.
            return TypeSpec.classBuilder(model.type())
                    .addModifiers(Modifier.FINAL)
                    .addJavadoc("The $Ls of {@link $T}.", model.what(), names.source())
                    .addMethod(MethodSpec.constructorBuilder()
                            .addModifiers(Modifier.PRIVATE)
                            .build());
        }
        TypeSpec.Builder type = TypeSpec.enumBuilder(model.type())
                .addJavadoc(model.all(), names.source())
                .addField(TypeNames.STRING, model.accessor(), Modifier.PRIVATE, Modifier.FINAL);
        model.implemented().ifPresent(type::addSuperinterface);
        for (NameEnumModel.Constant constant : model.constants()) {
            type.addEnumConstant(
                    constant.name(),
                    TypeSpec.anonymousClassBuilder("$S", constant.storedName()).build());
        }
        return type.addMethod(constructor(model.accessor())).addMethod(storedName(model));
    }

    private static MethodSpec constructor(String accessor) {
        return MethodSpec.constructorBuilder()
                .addParameter(TypeNames.STRING, accessor)
                .addStatement("this.$1L = $1L", accessor)
                .build();
    }

    private static MethodSpec storedName(NameEnumModel model) {
        return MethodSpec.methodBuilder(model.accessor())
                .addJavadoc("The name under which the $L is stored.", model.what())
                .addModifiers(Modifier.PUBLIC)
                .returns(TypeNames.STRING)
                .addStatement("return $L", model.accessor())
                .build();
    }
}
