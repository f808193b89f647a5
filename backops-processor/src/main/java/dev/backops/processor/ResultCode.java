package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;

/** Code that makes a {@code StepResult} of a returned record or enum. */
final class ResultCode {

    private final ResultModel model;
    private final ClassName context;
    private final String result;
    private final String jump;

    /** With names for the local variables. */
    ResultCode(ResultModel model, ClassName context, String result, String jump) {
        this.model = model;
        this.context = context;
        this.result = result;
        this.jump = jump;
    }

    /** Whether the call needs no local variable, because its result is used once. */
    boolean isExpression() {
        return model.record().isEmpty()
                && model.outputs().isEmpty()
                && model.jump()
                        .filter(target -> !target.nullness().mayBeMissing())
                        .isPresent();
    }

    // {
    //     Charge result = fulfillment.chargeCreditCard(…);
    //     Next jump = result.next().orElse(null);
    //     return StepResult.of(FulfillmentContext.TRANSACTION_ID, result.transactionId())
    //             .jump(jump == null ? null : switch (jump) { … });
    // }
    CodeBlock block(CodeBlock call) {
        CodeBlock.Builder code = CodeBlock.builder().add("{$>\n");
        model.record()
                .ifPresent(record -> code.add(
                        "$T $L = $L$L;\n", record, result, call, unwrapped(model.nullness() == Nullness.OPTIONAL)));
        model.jump().filter(target -> needsLocal(target)).ifPresent(target -> code.add(jumpLocal(target, call)));
        code.add("return $T", TypeNames.STEP_RESULT);
        if (model.outputs().isEmpty()) {
            code.add(".none()");
        }
        String separator = ".of($L, $L)";
        for (OutputModel output : model.outputs()) {
            code.add(
                    separator,
                    ParamCode.constant(output.field(), context),
                    value(output.component(), output.isOptional()));
            separator = "$>$>\n.and($L, $L)$<$<";
        }
        model.jump()
                .ifPresent(target -> code.add(
                        "$>$>\n.jump($L)$<$<",
                        target(CodeBlock.of(
                                "$L",
                                needsLocal(target) ? jump : value(target.component(), /* isOptional= */ false)))));
        return code.add(";$<\n}").build();
    }

    // switch (fulfillment.chooseSetup(…)) {
    //     case RED -> "red";
    //     case BLUE -> "blue";
    // }
    CodeBlock target(CodeBlock value) {
        JumpModel target = model.jump().orElseThrow();
        CodeBlock.Builder code = CodeBlock.builder();
        if (target.nullness().mayBeMissing()) {
            code.add("$L == null ? null : ", value);
        }
        code.add("switch ($L) {$>\n", value);
        target.cases().forEach(each -> code.add("case $L -> $S;\n", each.constant(), each.target()));
        return code.add("$<}").build();
    }

    /** Whether the enum is looked at more than once. */
    private boolean needsLocal(JumpModel target) {
        return target.component().isEmpty() || target.nullness().mayBeMissing();
    }

    private CodeBlock jumpLocal(JumpModel target, CodeBlock call) {
        boolean isOptional = target.nullness() == Nullness.OPTIONAL;
        TypeName type = target.type();
        return target.component().isEmpty()
                ? CodeBlock.of("$T $L = $L$L;\n", type, jump, call, unwrapped(isOptional))
                : CodeBlock.of("$T $L = $L;\n", type, jump, value(target.component(), isOptional));
    }

    /** The result or a component of it, null where it is missing. */
    private CodeBlock value(String component, boolean isOptional) {
        if (component.isEmpty()) {
            return CodeBlock.of("$L", jump);
        }
        CodeBlock value = CodeBlock.of("$L.$L()$L", result, component, unwrapped(isOptional));
        return model.nullness().mayBeMissing() ? CodeBlock.of("$1L == null ? null : $2L", result, value) : value;
    }

    private static String unwrapped(boolean isOptional) {
        return isOptional ? ".orElse(null)" : "";
    }
}
