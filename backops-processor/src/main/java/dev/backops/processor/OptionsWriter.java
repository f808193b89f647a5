package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;

/** Writes the options of an enqueue; each returns another object. */
final class OptionsWriter {

    private OptionsWriter() {}

    static void add(TypeSpec.Builder type, OperationModel model, String client) {
        type.addMethod(option(model, client, "in", TypeNames.HANDLE, "handle")
                .addJavadoc("""
                        Enqueues in the transaction of {@code handle}: workers see the operation once that commits, and a
                        rollback leaves no trace of it. The handle is neither committed nor closed.

                        @param handle an open handle on the database of BackOps
                        """)
                .build());
        type.addMethod(option(model, client, "key", TypeNames.STRING, "key")
                .addJavadoc("""
                        Enqueues under a key: where this operation is stored with the same key already, nothing is added and
                        the id of that one is returned, with {@link $T#added() added()} false. If its params differ, the
                        enqueue throws a {@link $T}.
                        """, TypeNames.ENQUEUED, TypeNames.KEY_CONFLICT_EXCEPTION)
                .addJavadoc(keyDetails(model.enqueue()))
                .build());
        type.addMethod(option(model, client, "at", TypeNames.INSTANT, "time")
                .addJavadoc("Enqueues for later: the first step does not start before {@code time}.")
                .build());
        type.addMethod(option(model, client, "after", TypeNames.DURATION, "delay")
                .addJavadoc("Enqueues for later: the first step does not start before {@code delay} has passed.")
                .build());
        type.addMethod(option(model, client, "priority", TypeNames.PRIORITY, "priority")
                .addJavadoc(
                        "Enqueues with a priority, by default {@link $T#$L}: what is due starts before all that has a\nlower one.",
                        TypeNames.PRIORITY,
                        model.enqueue().priority().orElse("NORMAL"))
                .build());
    }

    private static CodeBlock keyDetails(EnqueueModel enqueue) {
        CodeBlock.Builder details = CodeBlock.builder();
        enqueue.declaredKey().ifPresent(key -> details.add("It replaces the key made of $L.\n", key));
        if (enqueue.isUntilTheEnd()) {
            details.add("An operation that has ended keeps no other one out.\n");
        }
        return details.build();
    }

    // public FulfillmentOperation key(String key) {
    //     return new FulfillmentOperation(client.key(key));
    // }
    private static MethodSpec.Builder option(
            OperationModel model, String client, String name, ClassName type, String parameter) {
        ClassName operation = model.header().names().operation();
        return MethodSpec.methodBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(type, parameter)
                .returns(operation)
                .addStatement("return new $T($L.$L($L))", operation, client, name, parameter);
    }
}
