package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the definition: what is stored about an operation and its steps. */
final class DefinitionWriter {

    private DefinitionWriter() {}

    static void add(TypeSpec.Builder type, OperationModel model) {
        model.retry()
                .ifPresent(retry -> type.addField(FieldSpec.builder(TypeNames.RETRY_POLICY, "RETRY")
                        .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .initializer(retry(retry))
                        .build()));
        type.addField(FieldSpec.builder(TypeNames.OPERATION_DEFINITION, "DEFINITION")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer(definition(model))
                .build());
    }

    // OperationDefinition.named("subscriptions.fulfillment")
    //         .params(FulfillmentContext.SUBSCRIPTION_ID, FulfillmentContext.RENEWS_AT)
    //         .step(StepDefinition.named("chargeCreditCard").reads("subscriptionId"))
    private static CodeBlock definition(OperationModel model) {
        ClassName context = model.header().names().context();
        CodeBlock.Builder code =
                CodeBlock.builder().add("$T.named($S)$>$>", TypeNames.OPERATION_DEFINITION, model.name());
        if (!model.formerNames().isEmpty()) {
            code.add("\n.formerly($L)", ParamCode.strings(model.formerNames()));
        }
        addEnqueue(code, model.enqueue());
        if (!model.context().params().isEmpty()) {
            code.add("\n.params($L)", constants(model.context().params(), context));
        }
        model.formerBranches()
                .forEach((branch, names) -> code.add("\n.formerBranch($S, $L)", branch, ParamCode.strings(names)));
        for (StepModel step : model.steps()) {
            code.add("\n.step($L)", step(step, model));
        }
        return code.add("$<$<").build();
    }

    // .queue("billing")
    // .key("customerId", "month")
    // .keyScope(KeyScope.UNFINISHED)
    private static void addEnqueue(CodeBlock.Builder code, EnqueueModel enqueue) {
        enqueue.queue().ifPresent(queue -> code.add("\n.queue($S)", queue));
        enqueue.priority().ifPresent(priority -> code.add("\n.priority($T.$L)", TypeNames.PRIORITY, priority));
        if (!enqueue.key().isEmpty()) {
            code.add("\n.key($L)", ParamCode.strings(enqueue.key()));
        }
        enqueue.keyScope().ifPresent(scope -> code.add("\n.keyScope($T.$L)", TypeNames.KEY_SCOPE, scope));
        enqueue.dedupe().ifPresent(dedupe -> code.add("\n.dedupe($T.$L)", TypeNames.DEDUPE, dedupe));
    }

    // StepDefinition.named("chargeCreditCard")
    //         .reads("subscriptionId")
    //         .outputs(FulfillmentContext.TRANSACTION_ID)
    //         .onFailure("undo")
    private static CodeBlock step(StepModel step, OperationModel model) {
        CodeBlock.Builder code = CodeBlock.builder().add("$T.named($S)$>$>", TypeNames.STEP_DEFINITION, step.name());
        if (!step.formerNames().isEmpty()) {
            code.add("\n.formerly($L)", ParamCode.strings(step.formerNames()));
        }
        FlowModel flow = step.flow();
        if (!flow.branch().equals(FlowStep.MAIN)) {
            code.add("\n.branch($S)", flow.branch());
        }
        if (!step.reads().isEmpty()) {
            code.add("\n.reads($L)", ParamCode.strings(step.reads()));
        }
        if (!step.mayRead().isEmpty()) {
            code.add("\n.mayRead($L)", ParamCode.strings(step.mayRead()));
        }
        if (!step.result().outputs().isEmpty()) {
            List<FieldModel> outputs =
                    step.result().outputs().stream().map(OutputModel::field).toList();
            code.add("\n.outputs($L)", constants(outputs, model.header().names().context()));
        }
        if (!flow.jumps().isEmpty()) {
            code.add(
                    "\n.$L($L)",
                    step.result().alwaysJumps() ? "alwaysJumps" : "jumps",
                    ParamCode.strings(flow.jumps()));
        }
        flow.then().ifPresent(then -> code.add("\n.then($S)", then));
        flow.onFailure().ifPresent(branch -> code.add("\n.onFailure($S)", branch));
        flow.delay().ifPresent(delay -> code.add("\n.delay($S)", delay));
        flow.at().ifPresent(at -> code.add("\n.at($S)", at));
        step.timeout().ifPresent(timeout -> code.add("\n.timeout($S)", timeout));
        if (step.isTransactional()) {
            code.add("\n.transactional()");
        }
        if (step.retry().isPresent()) {
            code.add("\n.retry($L)", retry(step.retry().get()));
        } else if (model.retry().isPresent()) {
            code.add("\n.retry(RETRY)");
        }
        return code.add("$<$<").build();
    }

    // RetryPolicy.of(5, "PT2S", 2.0, "PT1H", 0.2, IllegalArgumentException.class)
    private static CodeBlock retry(RetryModel retry) {
        CodeBlock.Builder code = CodeBlock.builder()
                .add(
                        "$T.of($L, $S, $L, $S, $L",
                        TypeNames.RETRY_POLICY,
                        retry.maxAttempts(),
                        retry.backoff(),
                        retry.multiplier(),
                        retry.maxBackoff(),
                        retry.jitter());
        retry.abortOn().forEach(type -> code.add(",$W$T.class", type));
        return code.add(")").build();
    }

    private static CodeBlock constants(List<FieldModel> fields, ClassName context) {
        return fields.stream().map(field -> ParamCode.constant(field, context)).collect(CodeBlock.joining(",$W"));
    }
}
