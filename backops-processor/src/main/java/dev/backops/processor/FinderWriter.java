package dev.backops.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** Writes the finder: a method per param and output narrows the search down, then others end it. */
final class FinderWriter {

    private final OperationModel model;
    private final ClassName context;
    private final ClassName finderName;
    private final String finder;

    private FinderWriter(OperationModel model) {
        this.model = model;
        this.context = model.header().names().context();
        this.finderName = model.header()
                .names()
                .operation()
                .nestedClass(NestedNames.of(model).finder());
        this.finder = ParamCode.nameBeside(values(model.context()), "finder");
    }

    private static List<FieldModel> values(ContextModel context) {
        return Stream.concat(context.params().stream(), context.outputNames().stream())
                .toList();
    }

    static void add(TypeSpec.Builder type, OperationModel model, String client) {
        FinderWriter writer = new FinderWriter(model);
        type.addMethod(writer.findByStatus());
        type.addMethod(writer.findBySearch(client));
        type.addType(writer.finder());
    }

    private MethodSpec findByStatus() {
        return MethodSpec.methodBuilder("find")
                .addJavadoc("Finds the newest operations in one of these statuses, or in any where none is given.")
                .addModifiers(Modifier.PUBLIC)
                .addParameter(ArrayTypeName.of(TypeNames.STATUS), "statuses")
                .varargs()
                .returns(finderName)
                .addStatement("return find($T.of(statuses))", TypeNames.SEARCH)
                .build();
    }

    private MethodSpec findBySearch(String client) {
        return MethodSpec.methodBuilder("find")
                .addJavadoc("Finds operations by status and id, as many as the search says.")
                .addModifiers(Modifier.PUBLIC)
                .addParameter(TypeNames.SEARCH, "search")
                .returns(finderName)
                .addStatement("return new $T($L.find(search, $T::new))", finderName, client, context)
                .build();
    }

    private TypeSpec finder() {
        TypeName delegate = ParameterizedTypeName.get(TypeNames.OPERATION_FINDER, context);
        TypeSpec.Builder type = TypeSpec.classBuilder(finderName)
                .addJavadoc(
                        "A search for operations, newest first. Immutable: each param or output given returns another finder.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addField(delegate, finder, Modifier.PRIVATE, Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .addParameter(delegate, finder)
                        .addStatement("this.$1L = $1L", finder)
                        .build());
        model.context().params().forEach(param -> type.addMethod(where(param)));
        model.context().outputNames().forEach(output -> type.addMethod(whereOutput(output)));
        TypeName info = ParameterizedTypeName.get(TypeNames.OPERATION_INFO, context);
        return type.addMethod(end("list", ParameterizedTypeName.get(TypeNames.LIST, info))
                        .addJavadoc("Those found, newest first, as many as the search allows.")
                        .build())
                .addMethod(end("first", ParameterizedTypeName.get(TypeNames.OPTIONAL, info))
                        .addJavadoc("The newest of those found.")
                        .build())
                .addMethod(end("count", TypeName.LONG)
                        .addJavadoc("How many there are, however many the search allows.")
                        .build())
                .addMethod(end("repair", TypeNames.REPAIRS)
                        .addJavadoc("Repairs those found, as many as the search allows.")
                        .build())
                .build();
    }

    // public Finder subscriptionId(long subscriptionId) {
    //     return new Finder(finder.where(FulfillmentContext.SUBSCRIPTION_ID, subscriptionId));
    // }
    private MethodSpec where(FieldModel param) {
        String missing = param.nullness().mayBeMissing()
                ? "; " + (param.isOptional() ? "empty" : "null") + " finds those without"
                : "";
        return MethodSpec.methodBuilder(param.name())
                .addJavadoc("Only those enqueued with this {@code $L}$L.", param.name(), missing)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(ParamCode.parameter(param))
                .returns(finderName)
                .addStatement(
                        "return new $T($L.where($L, $L$L))",
                        finderName,
                        finder,
                        ParamCode.constant(param, context),
                        param.name(),
                        param.isOptional() ? ".orElse(null)" : "")
                .build();
    }

    // public Finder transactionId(String transactionId) {
    //     return new Finder(finder.where(FulfillmentContext.TRANSACTION_ID, transactionId));
    // }
    private MethodSpec whereOutput(FieldModel output) {
        return MethodSpec.methodBuilder(output.name())
                .addJavadoc("Only those whose steps have set this {@code $L}.", output.name())
                .addModifiers(Modifier.PUBLIC)
                .addParameter(output.value(), output.name())
                .returns(finderName)
                .addStatement(
                        "return new $T($L.where($L, $L))",
                        finderName,
                        finder,
                        ParamCode.constant(output, context),
                        output.name())
                .build();
    }

    private MethodSpec.Builder end(String name, TypeName type) {
        return MethodSpec.methodBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .returns(type)
                .addStatement("return $L.$L()", finder, name);
    }
}
