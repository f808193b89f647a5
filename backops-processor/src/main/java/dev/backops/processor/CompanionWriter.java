package dev.backops.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.Collection;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the companion of an action type: what class files do not tell about its step, and a method that calls it. */
final class CompanionWriter {

    private CompanionWriter() {}

    static TypeSpec.Builder write(ActionDeclaration action) {
        return TypeSpec.classBuilder(action.type().names().action())
                .addModifiers(Modifier.FINAL)
                .addJavadoc(
                        "Through this, operations in every package, module and jar know and call the action type {@link $T}.",
                        action.type().names().source())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .addMethod(call(action));
    }

    // public static String call(ChargeCreditCard action, long subscriptionId) throws Exception {
    //     return action.call(subscriptionId);
    // }
    private static MethodSpec call(ActionDeclaration action) {
        ClassName type = action.type().names().source();
        StepDeclaration step = action.step();
        NameAllocator names = new NameAllocator();
        List<ParameterSpec> parameters = step.parameters().stream()
                .map(parameter -> parameter(parameter, names.newName(parameter.name())))
                .toList();
        String receiver = names.newName("action");
        CodeBlock call = parameters.stream()
                .map(parameter -> CodeBlock.of("$N", parameter))
                .collect(CodeBlock.joining(",$W", receiver + "." + step.method() + "(", ")"));
        MethodSpec.Builder method = MethodSpec.methodBuilder(ActionType.CALL)
                .addJavadoc("Calls the step.")
                .addAnnotation(facts(CompanionFacts.of(step)))
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameter(type, receiver)
                .addParameters(parameters)
                .addException(Exception.class);
        step.result()
                .ifPresentOrElse(result -> addResult(method, result.type(), call), () -> method.addStatement(call));
        return method.build();
    }

    private static ParameterSpec parameter(ParameterDeclaration parameter, String name) {
        ParameterSpec.Builder spec = ParameterSpec.builder(parameter.type().annotated(), name);
        parameter.type().declarationAnnotation().ifPresent(nullable -> spec.addAnnotation(nullable.type()));
        return spec.build();
    }

    private static void addResult(MethodSpec.Builder method, TypeUse type, CodeBlock call) {
        type.declarationAnnotation().ifPresent(nullable -> method.addAnnotation(nullable.type()));
        method.returns(type.annotated()).addStatement("return $L", call);
    }

    private static AnnotationSpec facts(CompanionFacts facts) {
        AnnotationSpec.Builder annotation = AnnotationSpec.builder(TypeNames.ACTION_FACTS);
        addAll(annotation, "parameters", facts.parameters());
        addAll(annotation, "nullableParameters", facts.nullableParameters());
        if (facts.nullableResult()) {
            annotation.addMember("nullableResult", "true");
        }
        addAll(annotation, "nullableComponents", facts.nullableComponents());
        return annotation.build();
    }

    private static void addAll(AnnotationSpec.Builder annotation, String name, Collection<String> values) {
        values.forEach(value -> annotation.addMember(name, "$S", value));
    }
}
