package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * Writes the staged builder: an interface per required param, so that the compiler asks for each in turn, then a class
 * that takes the others and enqueues, or an interface that enqueues, where there are no others.
 */
final class StageWriter {

    private final GeneratedNames names;
    private final NestedNames nestedNames;
    private final List<FieldModel> params;
    private final List<FieldModel> required;
    private final String operation;

    private StageWriter(OperationModel model) {
        this.names = model.header().names();
        this.nestedNames = NestedNames.of(model);
        this.params = model.context().params();
        this.required = params.stream()
                .filter(param -> !param.nullness().mayBeMissing())
                .toList();
        this.operation = ParamCode.nameBeside(params, "operation");
    }

    static void add(TypeSpec.Builder type, OperationModel model) {
        if (!model.context().params().isEmpty()) {
            StageWriter writer = new StageWriter(model);
            type.addMethod(writer.with());
            writer.required.forEach(param -> type.addType(writer.stage(param)));
            type.addType(writer.lastStage());
        }
    }

    // public SubscriptionIdStage with() {
    //     return subscriptionId -> plan -> new LastStage(this, subscriptionId, plan, null);
    // }
    //
    // or, where nothing may be missing: return subscriptionId -> plan -> () -> enqueue(subscriptionId, plan);
    private MethodSpec with() {
        CodeBlock lambdas = required.stream()
                .map(param -> CodeBlock.of("$L ->$W", param.name()))
                .collect(CodeBlock.joining(""));
        CodeBlock values = params.stream()
                .map(param -> switch (param.nullness()) {
                    case NON_NULL -> CodeBlock.of("$L", param.name());
                    case NULLABLE -> CodeBlock.of("null");
                    case OPTIONAL -> CodeBlock.of("$T.empty()", TypeNames.OPTIONAL);
                })
                .collect(CodeBlock.joining(",$W"));
        return MethodSpec.methodBuilder("with")
                .addJavadoc(
                        "Enqueues by the names of the params: $Lthen {@code enqueue()}.\n",
                        isAllRequired()
                                ? "each in turn, "
                                : "each that is required in turn, then those that may be missing,\n")
                .addModifiers(Modifier.PUBLIC)
                .returns(stageName(0))
                .addStatement(
                        isAllRequired()
                                ? CodeBlock.of("return $L() ->$Wenqueue($L)", lambdas, ParamCode.names(params))
                                : CodeBlock.of("return $Lnew $T(this,$W$L)", lambdas, lastStageName(), values))
                .build();
    }

    private TypeSpec stage(FieldModel param) {
        int index = required.indexOf(param);
        return TypeSpec.interfaceBuilder(stageName(index))
                .addJavadoc("Asks for the param {@code $L}.", param.name())
                .addModifiers(Modifier.PUBLIC)
                .addMethod(MethodSpec.methodBuilder(param.name())
                        .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                        .addParameter(ParamCode.parameter(param))
                        .returns(stageName(index + 1))
                        .build())
                .build();
    }

    private boolean isAllRequired() {
        return required.size() == params.size();
    }

    private TypeSpec lastStage() {
        MethodSpec.Builder enqueue = MethodSpec.methodBuilder("enqueue")
                .addJavadoc("Enqueues, as {@link $T#enqueue} does.", names.operation())
                .addModifiers(Modifier.PUBLIC)
                .returns(TypeNames.ENQUEUED);
        return isAllRequired()
                ? TypeSpec.interfaceBuilder(lastStageName())
                        .addJavadoc("Has all params.")
                        .addModifiers(Modifier.PUBLIC)
                        .addMethod(enqueue.addModifiers(Modifier.ABSTRACT).build())
                        .build()
                : lastStage(enqueue.addStatement("return $L.enqueue($L)", operation, ParamCode.names(params))
                        .build());
    }

    private TypeSpec lastStage(MethodSpec enqueue) {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE);
        TypeSpec.Builder type = TypeSpec.classBuilder(lastStageName())
                .addJavadoc("Has all that is required; takes what may be missing, and enqueues.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL);
        addField(
                type,
                constructor,
                ParameterSpec.builder(names.operation(), operation).build());
        params.forEach(param -> addField(type, constructor, ParamCode.parameter(param)));
        type.addMethod(constructor.build());
        params.stream()
                .filter(param -> param.nullness().mayBeMissing())
                .forEach(param -> type.addMethod(setter(param)));
        return type.addMethod(enqueue).build();
    }

    private static void addField(TypeSpec.Builder type, MethodSpec.Builder constructor, ParameterSpec parameter) {
        type.addField(FieldSpec.builder(parameter.type(), parameter.name(), Modifier.PRIVATE, Modifier.FINAL)
                .build());
        constructor.addParameter(parameter).addStatement("this.$1L = $1L", parameter.name());
    }

    // public LastStage renewsAt(Instant renewsAt) {
    //     return new LastStage(operation, subscriptionId, renewsAt);
    // }
    private MethodSpec setter(FieldModel param) {
        CodeBlock values = params.stream()
                .map(other -> other.equals(param) && param.isOptional()
                        ? CodeBlock.of("$T.of($L)", TypeNames.OPTIONAL, param.name())
                        : CodeBlock.of("$L", other.name()))
                .collect(CodeBlock.joining(",$W"));
        TypeName type = param.isOptional() ? param.value() : param.annotated();
        ParameterSpec.Builder parameter = ParameterSpec.builder(type, param.name());
        param.declarationAnnotation().ifPresent(nullable -> parameter.addAnnotation(nullable.type()));
        return MethodSpec.methodBuilder(param.name())
                .addJavadoc("The param {@code $L}, which may be left out.", param.name())
                .addModifiers(Modifier.PUBLIC)
                .addParameter(parameter.build())
                .returns(lastStageName())
                .addStatement("return new $T($L,$W$L)", lastStageName(), operation, values)
                .build();
    }

    private ClassName stageName(int index) {
        return index < required.size() ? nestedNames.stage(names, required.get(index)) : lastStageName();
    }

    private ClassName lastStageName() {
        return names.operation().nestedClass(nestedNames.lastStage());
    }
}
