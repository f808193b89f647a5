package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes the class that enqueues, finds and registers an operation. */
final class OperationWriter {

    private OperationWriter() {}

    static TypeSpec.Builder write(OperationModel model) {
        TypeSpec.Builder type = TypeSpec.classBuilder(model.header().names().operation())
                .addModifiers(Modifier.FINAL)
                .addJavadoc(javadoc(model));
        String client = ParamCode.nameBeside(model.context().params(), "client");
        DefinitionWriter.add(type, model);
        addClient(type, model, client);
        StepsWriter.add(type, model);
        OptionsWriter.add(type, model, client);
        if (model.callable()) {
            EnqueueWriter.add(type, model, client);
            StageWriter.add(type, model);
            FinderWriter.add(type, model, client);
        }
        return type;
    }

    private static CodeBlock javadoc(OperationModel model) {
        GeneratedNames names = model.header().names();
        CodeBlock.Builder javadoc = CodeBlock.builder()
                .add(
                        "Enqueues, finds and registers the operation {@code $L}, whose steps are those of\n{@link $T}.\n",
                        model.name(),
                        names.source());
        if (!model.steps().isEmpty()) {
            addSteps(javadoc, model);
            addFlowChart(javadoc, model);
        }
        return javadoc.add("\n<p>Immutable and safe for every thread: an option such as {@link #key} returns another"
                        + " object.")
                .build();
    }

    // <ol>
    //   <li>{@link Fulfillment#chargeCreditCard chargeCreditCard} sets {@code transactionId}
    private static void addSteps(CodeBlock.Builder javadoc, OperationModel model) {
        javadoc.add("\n<ol>\n");
        for (StepModel step : model.steps()) {
            if (step.action().isPresent()) {
                javadoc.add("  <li>{@link $T $L}", step.action().get().type(), step.name());
            } else {
                javadoc.add("  <li>{@link $T#$L $L}", model.header().names().source(), step.method(), step.name());
            }
            FlowModel flow = step.flow();
            if (!flow.branch().equals(FlowStep.MAIN)) {
                javadoc.add(" on {@code $L}", flow.branch());
            }
            flow.delay().ifPresent(delay -> javadoc.add(" after {@code $L}", delay));
            flow.at().ifPresent(at -> javadoc.add(" at {@code $L}", at));
            String separator = " sets ";
            for (OutputModel output : step.result().outputs()) {
                javadoc.add("$L{@code $L}", separator, output.field().name());
                separator = ", ";
            }
            if (step.isTransactional()) {
                javadoc.add(", in one transaction with its record");
            }
            javadoc.add("\n");
        }
        javadoc.add("</ol>\n");
    }

    // <pre>{@code
    // flowchart TD
    //   chargeCreditCard --> chooseSetup
    // }</pre>
    private static void addFlowChart(CodeBlock.Builder javadoc, OperationModel model) {
        javadoc.add("\n<p>The flow, as a Mermaid chart:\n\n<pre>{@code\n");
        FlowChart.draw(model.flow(), model.steps().stream().map(StepModel::flow).toList())
                .forEach(line -> javadoc.add("$L\n", line));
        javadoc.add("}</pre>\n");
    }

    private static void addClient(TypeSpec.Builder type, OperationModel model, String client) {
        GeneratedNames names = model.header().names();
        type.addField(TypeNames.OPERATION_CLIENT, client, Modifier.PRIVATE, Modifier.FINAL);
        type.addMethod(MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeNames.OPERATION_CLIENT, client)
                .addStatement("this.$1L = $1L", client)
                .build());
        type.addMethod(MethodSpec.methodBuilder("on")
                .addJavadoc("The operation on one BackOps. Enqueueing and finding needs no step objects.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameter(TypeNames.BACK_OPS, "backOps")
                .returns(names.operation())
                .addStatement("return new $T(backOps.client(DEFINITION))", names.operation())
                .build());
    }
}
