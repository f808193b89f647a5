package dev.backops.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** Writes the method that binds the steps to the objects that run them. */
final class StepsWriter {

    private StepsWriter() {}

    static void add(TypeSpec.Builder type, OperationModel model) {
        if (!model.nameable()) {
            return;
        }
        Names names = Names.beside(model.receivers());
        CodeBlock.Builder code = CodeBlock.builder().add("return $T.of(DEFINITION)", TypeNames.OPERATION_STEPS);
        for (StepModel step : model.steps()) {
            code.add(
                            "\n.$L($S, $L -> ",
                            step.isTransactional() ? "transactionalStep" : "step",
                            step.name(),
                            names.of(step))
                    .add(body(step, names, model))
                    .add(")");
        }
        type.addMethod(MethodSpec.methodBuilder("steps")
                .addJavadoc(
                        model.receivers().size() == 1
                                ? "Binds the steps to the object that runs them, for {@link $T#register}."
                                : "Binds the steps to the objects that run them, for {@link $T#register}.",
                        TypeNames.BACK_OPS)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameters(parameters(model, names))
                .varargs(model.receivers().isEmpty())
                .returns(TypeNames.OPERATION_STEPS)
                .addStatement(code.build())
                .build());
    }

    /** One per object; where it is not known which they are, whatever a call passes. */
    private static List<ParameterSpec> parameters(OperationModel model, Names names) {
        return model.receivers().isEmpty()
                ? List.of(ParameterSpec.builder(ArrayTypeName.of(Object.class), "actions")
                        .build())
                : model.receivers().stream()
                        .map(type -> ParameterSpec.builder(type, names.of(type)).build())
                        .toList();
    }

    private static CodeBlock body(StepModel step, Names names, OperationModel model) {
        ClassName context = model.header().names().context();
        CodeBlock call = call(step, names, model);
        ResultModel result = step.result();
        if (result.outputs().isEmpty() && result.jump().isEmpty()) {
            return CodeBlock.of("{$>\n$L;\nreturn $T.none();$<\n}", call, TypeNames.STEP_RESULT);
        }
        if (result.record().isEmpty() && result.jump().isEmpty()) {
            return output(result.outputs().get(0), call, context);
        }
        ResultCode code = new ResultCode(result, context, names.result(), names.jump());
        return code.isExpression()
                ? CodeBlock.of("$T.none()$>$>\n.jump($L)$<$<", TypeNames.STEP_RESULT, code.target(call))
                : code.block(call);
    }

    // StepResult.of(FulfillmentContext.TRANSACTION_ID, fulfillment.chargeCreditCard(…))
    private static CodeBlock output(OutputModel output, CodeBlock call, ClassName context) {
        return CodeBlock.of(
                "$T.of($>$>\n$L,\n$L$L)$<$<",
                TypeNames.STEP_RESULT,
                ParamCode.constant(output.field(), context),
                call,
                output.isOptional() ? ".orElse(null)" : "");
    }

    // fulfillment.chargeCreditCard(values.get(FulfillmentContext.SUBSCRIPTION_ID), run)
    // ChargeCreditCardAction.call(chargeCreditCard, values.get(FulfillmentContext.SUBSCRIPTION_ID), run)
    private static CodeBlock call(StepModel step, Names names, OperationModel model) {
        GeneratedNames generated = model.header().names();
        Stream<CodeBlock> arguments =
                step.arguments().stream().map(argument -> argument(argument, names, generated.context()));
        return step.action()
                .map(action -> Stream.concat(Stream.of(CodeBlock.of("$L", names.of(action.type()))), arguments)
                        .collect(joining(CodeBlock.of("$T.$L", action.companion(), ActionType.CALL))))
                .orElseGet(() ->
                        arguments.collect(joining(CodeBlock.of("$L.$L", names.of(generated.source()), step.method()))));
    }

    private static Collector<CodeBlock, ?, CodeBlock> joining(CodeBlock method) {
        return Collectors.collectingAndThen(
                CodeBlock.joining(",$W"), arguments -> CodeBlock.of("$L($L)", method, arguments));
    }

    private static CodeBlock argument(ArgumentModel argument, Names names, ClassName context) {
        if (argument instanceof ArgumentModel.Value value) {
            return CodeBlock.of(
                    "$L.$L($L)",
                    names.values(),
                    switch (value.taken()) {
                        case NON_NULL -> "get";
                        case NULLABLE -> "orNull";
                        case OPTIONAL -> "find";
                    },
                    ParamCode.constant(value.field(), context));
        }
        if (argument instanceof ArgumentModel.Run) {
            return CodeBlock.of("$L", names.run());
        }
        if (argument instanceof ArgumentModel.Handle) {
            return CodeBlock.of("$L", names.handle());
        }
        return argument instanceof ArgumentModel.Connection
                ? CodeBlock.of("$L.getConnection()", names.handle())
                : CodeBlock.of("new $T($L)", context, names.values());
    }

    /** The names of the objects with the steps, of what each step gets, and of what it returns. */
    private record Names(
            Map<ClassName, String> receivers, String values, String run, String result, String jump, String handle) {

        String of(ClassName receiver) {
            return Objects.requireNonNull(receivers.get(receiver));
        }

        static Names beside(List<ClassName> types) {
            NameAllocator names = new NameAllocator();
            Map<ClassName, String> receivers = new HashMap<>();
            types.forEach(type -> receivers.put(type, names.newName(JavaNames.decapitalized(type.simpleName()))));
            return new Names(
                    receivers,
                    names.newName("values"),
                    names.newName("run"),
                    names.newName("result"),
                    names.newName("jump"),
                    names.newName("handle"));
        }

        /** The parameters of the lambda that calls a step. */
        String of(StepModel step) {
            return step.isTransactional()
                    ? "(" + values + ", " + run + ", " + handle + ")"
                    : "(" + values + ", " + run + ")";
        }
    }
}
