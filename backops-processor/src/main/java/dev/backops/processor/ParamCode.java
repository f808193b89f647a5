package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import java.util.List;
import java.util.stream.Collectors;

/** Code that generated methods with params share. */
final class ParamCode {

    private ParamCode() {}

    /** A parameter that bears the user's name and type. */
    static ParameterSpec parameter(FieldModel param) {
        ParameterSpec.Builder parameter = ParameterSpec.builder(param.annotated(), param.name());
        param.declarationAnnotation().ifPresent(nullable -> parameter.addAnnotation(nullable.type()));
        return parameter.build();
    }

    static List<ParameterSpec> parameters(List<FieldModel> params) {
        return params.stream().map(ParamCode::parameter).toList();
    }

    /** The names, for a call; lines wrap between them. */
    static CodeBlock names(List<FieldModel> params) {
        return params.stream().map(param -> CodeBlock.of("$L", param.name())).collect(CodeBlock.joining(",$W"));
    }

    /** A name for something of ours beside parameters that bear the user's names. */
    static String nameBeside(List<FieldModel> params, String wanted) {
        NameAllocator names = new NameAllocator();
        params.stream().map(FieldModel::name).collect(Collectors.toSet()).forEach(names::newName);
        return names.newName(wanted);
    }

    /** The constant of a field, as code outside the context names it. */
    static CodeBlock constant(FieldModel field, TypeName context) {
        return CodeBlock.of("$T.$L", context, field.constant());
    }

    /** Texts as arguments. */
    static CodeBlock strings(List<String> texts) {
        return texts.stream().map(text -> CodeBlock.of("$S", text)).collect(CodeBlock.joining(",$W"));
    }
}
