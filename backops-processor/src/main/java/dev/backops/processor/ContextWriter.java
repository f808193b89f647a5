package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** Writes the context: a getter per param and per output. */
final class ContextWriter {

    private ContextWriter() {}

    static TypeSpec.Builder write(ContextModel model) {
        TypeSpec.Builder type = TypeSpec.classBuilder(model.header().names().context())
                .addModifiers(Modifier.FINAL)
                .addJavadoc(javadoc(model));
        addConstants(type, model);
        addValues(type);
        addFactories(type, model);
        addGetters(type, model);
        return type;
    }

    private static CodeBlock javadoc(ContextModel model) {
        String what = model.outputs().isEmpty()
                ? "The params of a {@link $T}."
                : model.params().isEmpty()
                        ? "What the steps of a {@link $T} have returned so far."
                        : "The params of a {@link $T}, and what its steps have returned so far.";
        return CodeBlock.of(what, model.header().names().source());
    }

    // static final Field<Long> SUBSCRIPTION_ID = Field.required("subscriptionId", Types.LONG);
    private static void addConstants(TypeSpec.Builder type, ContextModel model) {
        Stream.concat(model.params().stream(), model.outputs().stream())
                .map(field -> FieldSpec.builder(
                                ParameterizedTypeName.get(
                                        TypeNames.FIELD, field.value().box()),
                                field.constant(),
                                Modifier.STATIC,
                                Modifier.FINAL)
                        .initializer(field(field))
                        .build())
                .forEach(type::addField);
    }

    private static CodeBlock field(FieldModel field) {
        CodeBlock.Builder code = CodeBlock.builder()
                .add(
                        "$T.$L($S,$W$L)$>$>",
                        TypeNames.FIELD,
                        field.nullness().mayBeMissing() ? "nullable" : "required",
                        field.name(),
                        field.valueType());
        if (!field.formerNames().isEmpty()) {
            code.add("\n.formerly($L)", ParamCode.strings(field.formerNames()));
        }
        field.orElse().ifPresent(json -> code.add("\n.orElse($L)", json));
        if (field.indexed()) {
            code.add("\n.indexed()");
        }
        switch (field.privacy()) {
            case OPEN -> {}
            case SENSITIVE -> code.add("\n.sensitive()");
            case ERASED_AT_END -> code.add("\n.erasedAtEnd()");
        }
        return code.add("$<$<").build();
    }

    private static void addValues(TypeSpec.Builder type) {
        type.addField(TypeNames.VALUES, "values", Modifier.PRIVATE, Modifier.FINAL);
        type.addMethod(MethodSpec.constructorBuilder()
                .addParameter(TypeNames.VALUES, "values")
                .addStatement("this.values = values")
                .build());
    }

    private static void addFactories(TypeSpec.Builder type, ContextModel model) {
        MethodSpec.Builder of = MethodSpec.methodBuilder("of")
                .addJavadoc("The context of an operation that has not run yet, for tests that call steps directly.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(model.header().names().context());
        if (model.record().isEmpty()) {
            type.addMethod(of.addStatement(
                            "return new $T($T.none())", model.header().names().context(), TypeNames.VALUES)
                    .build());
            return;
        }
        type.addMethod(of.addParameter(model.record().get(), "params")
                .addStatement(
                        "return new $T(values(params))", model.header().names().context())
                .build());
        type.addMethod(MethodSpec.methodBuilder("values")
                .addModifiers(Modifier.STATIC)
                .addParameter(model.record().get(), "params")
                .returns(TypeNames.VALUES)
                .addStatement("return $L", values(model.params()))
                .build());
    }

    // Values.of(SUBSCRIPTION_ID, params.subscriptionId())
    //         .and(RENEWS_AT, params.renewsAt())
    private static CodeBlock values(List<FieldModel> params) {
        if (params.isEmpty()) {
            return CodeBlock.of("$T.none()", TypeNames.VALUES);
        }
        CodeBlock.Builder code = CodeBlock.builder().add("$T.of", TypeNames.VALUES);
        String separator = "";
        for (FieldModel param : params) {
            code.add(separator)
                    .add(
                            "($L, params.$L()$L)",
                            param.constant(),
                            param.name(),
                            param.isOptional() ? ".orElse(null)" : "");
            separator = "\n.and";
        }
        return code.build();
    }

    private static void addGetters(TypeSpec.Builder type, ContextModel model) {
        for (FieldModel param : model.params()) {
            type.addMethod(paramGetter(param));
        }
        for (FieldModel output : model.outputNames()) {
            type.addMethod(MethodSpec.methodBuilder(output.name())
                    .addJavadoc("What $L returned, if it is set.", sources(output, model))
                    .addModifiers(Modifier.PUBLIC)
                    .returns(ParameterizedTypeName.get(
                            TypeNames.OPTIONAL, output.value().box()))
                    .addStatement("return values.find($L)", output.constant())
                    .build());
        }
    }

    private static CodeBlock sources(FieldModel output, ContextModel model) {
        return output.sources().stream()
                .map(method ->
                        CodeBlock.of("{@link $T#$L $L}", model.header().names().source(), method, method))
                .collect(CodeBlock.joining(" or "));
    }

    private static MethodSpec paramGetter(FieldModel param) {
        MethodSpec.Builder getter = MethodSpec.methodBuilder(param.name())
                .addModifiers(Modifier.PUBLIC)
                .returns(param.annotated());
        param.declarationAnnotation().ifPresent(nullable -> getter.addAnnotation(nullable.type()));
        switch (param.nullness()) {
            case NON_NULL ->
                getter.addJavadoc("The param {@code $L}.", param.name())
                        .addStatement("return values.get($L)", param.constant());
            case NULLABLE ->
                getter.addJavadoc("The param {@code $L}; null if it was enqueued without.", param.name())
                        .addStatement("return values.orNull($L)", param.constant());
            case OPTIONAL ->
                getter.addJavadoc("The param {@code $L}; empty if it was enqueued without.", param.name())
                        .addStatement("return values.find($L)", param.constant());
        }
        return getter.build();
    }
}
