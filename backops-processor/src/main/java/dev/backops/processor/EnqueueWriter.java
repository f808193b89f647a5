package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the methods that enqueue one operation or many. */
final class EnqueueWriter {

    private EnqueueWriter() {}

    static void add(TypeSpec.Builder type, OperationModel model, String client) {
        type.addMethod(enqueue(model, client));
        model.context().record().ifPresent(params -> type.addMethod(enqueueAll(model, params, client)));
    }

    // public Enqueued enqueue(long subscriptionId, Instant renewsAt) {
    //     return client.enqueue(() -> FulfillmentContext.values(new Fulfillment.Params(subscriptionId, renewsAt)));
    // }
    private static MethodSpec enqueue(OperationModel model, String client) {
        List<FieldModel> params = model.context().params();
        MethodSpec.Builder enqueue = MethodSpec.methodBuilder("enqueue")
                .addJavadoc(javadoc(model))
                .addModifiers(Modifier.PUBLIC)
                .addParameters(ParamCode.parameters(params))
                .returns(TypeNames.ENQUEUED);
        if (model.context().record().isEmpty()) {
            return enqueue.addStatement("return $L.enqueue($T::none)", client, TypeNames.VALUES)
                    .build();
        }
        return enqueue.addStatement(
                        "return $L.enqueue(() -> $T.values(new $T($L)))",
                        client,
                        model.header().names().context(),
                        model.context().record().get(),
                        ParamCode.names(params))
                .build();
    }

    private static CodeBlock javadoc(OperationModel model) {
        CodeBlock.Builder javadoc = CodeBlock.builder().add("""
                        Enqueues one operation, in a transaction of its own that is committed when this returns; after
                        {@link #in}, in the caller's, with which it lives and dies.

                        @return its id, and whether it was added; not, if it was there under the same {@link #key}
                        """);
        model.enqueue()
                .declaredKey()
                .ifPresent(key -> javadoc.add("    or, where none is given, with the same $L\n", key));
        if (model.context().record().isPresent()) {
            javadoc.add(
                    "@throws $T if {@link $T} refuses the values or they cannot be stored\n",
                    TypeNames.INVALID_PARAMS_EXCEPTION,
                    model.context().record().get());
            javadoc.add(
                    "@throws $T if it was there under the same {@link #key} with other params\n",
                    TypeNames.KEY_CONFLICT_EXCEPTION);
        }
        return javadoc.build();
    }

    private static MethodSpec enqueueAll(OperationModel model, ClassName params, String client) {
        return MethodSpec.methodBuilder("enqueueAll")
                .addJavadoc("""
                        Enqueues many operations, all or none of them, as {@link #enqueue} does one, but much faster.

                        @return their ids, in the order of {@code params}
                        """)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(ParameterizedTypeName.get(TypeNames.COLLECTION, params), "params")
                .returns(ParameterizedTypeName.get(TypeNames.LIST, TypeNames.ENQUEUED))
                .addStatement(
                        "return $L.enqueueAll(params, $T::values)",
                        client,
                        model.header().names().context())
                .build();
    }
}
