package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * Takes the classes with steps that are no operations through the rounds of a compilation: action types get their
 * companions as soon as their types exist; steps of other classes, which nothing would ever run, are reported.
 *
 * <p>All errors wait for the last round, because an earlier one makes javac skip what is still to be generated.
 */
final class ActionRounds {

    private final Elements elements;
    private final Messager messager;
    private final ActionCollector collector;
    private final OperationFiles files;
    private final ProcessorFailures failures;
    private final Set<String> open = new TreeSet<>();
    private final Map<String, Set<String>> mistakes = new HashMap<>();
    private final Set<String> reported = new HashSet<>();

    ActionRounds(
            ProcessingEnvironment environment,
            ActionCollector collector,
            OperationFiles files,
            ProcessorFailures failures) {
        this.elements = environment.getElementUtils();
        this.messager = environment.getMessager();
        this.collector = collector;
        this.files = files;
        this.failures = failures;
    }

    void collect(RoundEnvironment round) {
        TypeElement annotation = elements.getTypeElement(TypeNames.STEP);
        if (annotation == null) {
            return;
        }
        for (Element step : round.getElementsAnnotatedWith(annotation)) {
            if (step.getEnclosingElement() instanceof TypeElement type
                    && !AnnotationUse.isOn(type, TypeNames.OPERATION)) {
                open.add(type.getQualifiedName().toString());
            }
        }
    }

    /** Writes the companions of action types without mistakes, and remembers the others. */
    void write() {
        forEachOpen(type -> collector
                .collect(type)
                .filter(action -> !action.isIncomplete()
                        && mistakesIn(action.type().names().source()).isEmpty())
                .ifPresent(this::write));
    }

    private void write(ActionDeclaration action) {
        String className = action.type().names().source().canonicalName();
        Report report = ActionValidator.validate(action);
        if (!report.hasErrors()) {
            writeCompanion(action);
            files.report(action.type(), report);
        }
        if (report.hasErrors()) {
            mistakes.put(className, report.errorIds());
        } else {
            report.print(messager);
            open.remove(className);
        }
    }

    private void writeCompanion(ActionDeclaration action) {
        try {
            files.write(
                    action.type(),
                    GeneratedHeader.of(action),
                    action.type().names().action(),
                    CompanionWriter.write(action));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kinds of mistakes in an action type itself, which are reported there. */
    Set<String> mistakesIn(ClassName action) {
        return mistakes.getOrDefault(action.canonicalName(), Set.of());
    }

    /** Says that an operation reports a class, so that its steps are not reported for themselves. */
    void markReported(String className) {
        reported.add(className);
    }

    /** Reports what is wrong, in the last round. */
    void report(boolean errorRaised) {
        forEachOpen(type -> collector
                .collect(type)
                .ifPresentOrElse(action -> report(action, errorRaised), () -> reportStrays(type)));
    }

    /** The compiler reports what is missing; what was not written because of it is too late now. */
    private void report(ActionDeclaration action, boolean errorRaised) {
        if (action.isIncomplete()) {
            return;
        }
        Report report = ActionValidator.validate(action);
        files.report(action.type(), report);
        if (!report.hasErrors() && !errorRaised) {
            report.error(
                    "LateType",
                    action.type().place(),
                    action.type().simpleName() + " names a type that another processor wrote too late to be checked.",
                    "What a step takes and returns must be written before the last round of annotation processing.");
        }
        report.print(messager);
    }

    private void reportStrays(TypeElement type) {
        if (!reported.contains(type.getQualifiedName().toString())) {
            Report report = new Report();
            StepCollector.methods(type).forEach(method -> reportStray(type, method, report));
            report.print(messager);
        }
    }

    private void reportStray(TypeElement type, ExecutableElement method, Report report) {
        AnnotationUse.find(method, TypeNames.STEP, elements)
                .ifPresent(annotation -> report.error(
                        "StepOutsideOperation",
                        annotation.place(),
                        method.getSimpleName() + " is a step, but " + type.getSimpleName() + " is not an operation.",
                        "Annotate " + type.getSimpleName()
                                + " with @Operation, or move the step into the operation that it belongs to."));
    }

    /** What fails in one class does not stop the others. */
    private void forEachOpen(Consumer<TypeElement> step) {
        for (String className : new TreeSet<>(open)) {
            TypeElement type = elements.getTypeElement(className);
            if (type != null && !failures.guard(className, () -> step.accept(type))) {
                open.remove(className);
            }
        }
    }
}
