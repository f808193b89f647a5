package dev.backops.processor;

import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** Finds steps in classes that are not operations; nothing would ever run them. */
final class StraySteps {

    private final Elements elements;
    private final Messager messager;
    private final Set<String> classNames = new TreeSet<>();

    StraySteps(ProcessingEnvironment environment) {
        this.elements = environment.getElementUtils();
        this.messager = environment.getMessager();
    }

    void collect(RoundEnvironment round) {
        TypeElement annotation = elements.getTypeElement(TypeNames.STEP);
        if (annotation == null) {
            return;
        }
        for (Element step : round.getElementsAnnotatedWith(annotation)) {
            Element type = step.getEnclosingElement();
            if (type instanceof TypeElement named && !AnnotationUse.isOn(named, TypeNames.OPERATION)) {
                classNames.add(named.getQualifiedName().toString());
            }
        }
    }

    /** Says that the steps of a class have been reported at an operation that inherits them. */
    void markReported(String className) {
        classNames.remove(className);
    }

    /** Reports them, in the last round. */
    void report() {
        Report report = new Report();
        for (String className : classNames) {
            TypeElement type = elements.getTypeElement(className);
            if (type != null) {
                StepCollector.methods(type).forEach(method -> check(type, method, report));
            }
        }
        report.print(messager);
    }

    private void check(TypeElement type, ExecutableElement method, Report report) {
        AnnotationUse.find(method, TypeNames.STEP, elements)
                .ifPresent(annotation -> report.error(
                        "StepOutsideOperation",
                        annotation.place(),
                        method.getSimpleName() + " is a step, but " + type.getSimpleName() + " is not an operation.",
                        "Annotate " + type.getSimpleName()
                                + " with @Operation, or move the step into the operation that" + " it belongs to."));
    }
}
