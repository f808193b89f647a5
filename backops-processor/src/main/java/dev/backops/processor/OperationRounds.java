package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeSpec;
import dev.backops.processor.OperationProgress.Stage;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * Takes every operation class through the rounds of a compilation.
 *
 * <p>Users mention generated types in the very classes from which they are generated, where compilers show them as errors
 * at first. So the round that brings a class writes the enums of its steps and branches, from names alone, and thereby makes sure of
 * another round; the context follows as soon as its types exist, at the latest in that round; and once no context is to
 * be written any more, the next round validates and writes the operations. All errors wait for that round, because an
 * error makes javac skip all further ones, and missing types would then hide it.
 *
 * <p>An operation about which there is nothing to say is written whole in its first round, if it names nothing that is still
 * missing but its own context: each round costs, since javac enters all classes anew.
 */
final class OperationRounds {

    private final Elements elements;
    private final Messager messager;
    private final ProcessorFailures failures;
    private final OperationCollector collector;
    private final OperationFiles files;
    private final ActionRounds actions;
    private final LockFiles locks;
    private final boolean earlierRoundsAreForgotten;

    /** By name of the class: the compilers hand them over in different orders, but their messages are to be the same. */
    private final Map<String, OperationProgress> operations = new TreeMap<>();

    /** The simple names of the classes that enqueue, which are written last. */
    private final Set<String> generatedOperations = new HashSet<>();

    private final Map<String, String> classNamesByOperation = new HashMap<>();

    OperationRounds(ProcessingEnvironment environment) {
        this.elements = environment.getElementUtils();
        this.messager = environment.getMessager();
        this.failures = new ProcessorFailures(elements, messager);
        this.files = new OperationFiles(environment.getFiler());
        ActionCollector actionCollector = new ActionCollector(environment, files::isSource);
        this.collector = new OperationCollector(environment, actionCollector);
        this.actions = new ActionRounds(environment, actionCollector, files, failures);
        this.locks = LockFiles.of(environment.getOptions());
        this.earlierRoundsAreForgotten = EclipseCompiler.forgetsEarlierRounds(environment);
    }

    /** Takes one round; never throws. */
    void run(RoundEnvironment round) {
        failures.guard(() -> take(round));
        files.finishRound(failures);
        if (round.processingOver()) {
            failures.print();
        }
    }

    private void take(RoundEnvironment round) {
        files.addSources(round.getRootElements());
        actions.collect(round);
        collect(round);
        confirmContexts();
        if (round.processingOver()) {
            if (!round.errorRaised()) {
                advance(
                        progress -> progress.stage() != Stage.DONE,
                        inspecting(/* isContextWritten= */ true, this::finish));
            }
            advance(
                    progress -> progress.stage() != Stage.DONE,
                    inspecting(/* isContextWritten= */ true, this::reportBesideMissingTypes));
            actions.report(round.errorRaised());
            return;
        }
        actions.write();
        if (operations.values().stream().anyMatch(OperationProgress::needsContext)) {
            advance(OperationProgress::needsContext, inspecting(/* isContextWritten= */ false, this::writeContext));
        } else {
            advance(
                    OperationProgress::isReadyForValidation,
                    inspecting(/* isContextWritten= */ true, this::writeOperation));
        }
    }

    private void collect(RoundEnvironment round) {
        TypeElement annotation = elements.getTypeElement(TypeNames.OPERATION);
        if (annotation == null) {
            return;
        }
        for (Element operation : round.getElementsAnnotatedWith(annotation)) {
            // A class without a name, as it stands behind a syntax error, is not found by it.
            if (operation instanceof TypeElement type && elements.getTypeElement(type.getQualifiedName()) != null) {
                String className = type.getQualifiedName().toString();
                operations.putIfAbsent(className, new OperationProgress(className, Stage.NEW));
                generatedOperations.add(
                        GeneratedNames.of(ClassName.get(type)).operation().simpleName());
            }
        }
    }

    /** An operation that was written before its context is done, if what it names is that; otherwise the last round reports it. */
    private void confirmContexts() {
        advance(
                progress -> progress.stage() == Stage.WRITTEN_AHEAD,
                (operation, stage) -> Completeness.namesContext(operation) ? Stage.DONE : stage);
    }

    /** Takes the chosen operations one stage further. What fails in one does not stop the others. */
    private void advance(Predicate<OperationProgress> chosen, Advance<TypeElement> step) {
        for (OperationProgress progress :
                operations.values().stream().filter(chosen).toList()) {
            TypeElement operation = elements.getTypeElement(progress.className());
            if (operation == null) {
                continue;
            }
            String className = progress.className();
            if (!failures.guard(
                    className,
                    () -> operations.put(className, progress.at(step.advance(operation, progress.stage()))))) {
                operations.put(className, progress.at(Stage.DONE));
            }
        }
    }

    private Advance<TypeElement> inspecting(boolean isContextWritten, Advance<OperationDeclaration> step) {
        return (operation, stage) -> step.advance(collector.collect(operation, isContextWritten), stage);
    }

    private Stage writeContext(OperationDeclaration operation, Stage stage) throws IOException {
        if (stage == Stage.NEW) {
            claimNames(operation);
            writeEnum(operation, NameEnumModel.ofSteps(operation));
            if (operation.hasBranches()) {
                writeEnum(operation, NameEnumModel.ofBranches(operation));
            }
        }
        boolean partial = operation.missesValueTypes();
        boolean atOnce = earlierRoundsAreForgotten && waitsForNothing(operation);
        if (partial && stage == Stage.NEW && !atOnce) {
            return operation.missesActions() ? Stage.SOME_STEPS_WRITTEN : Stage.STEPS_WRITTEN;
        }
        write(operation, operation.names().context(), ContextWriter.write(ContextModel.of(operation)));
        Stage reached =
                partial || stage == Stage.SOME_STEPS_WRITTEN ? Stage.PARTIAL_CONTEXT_WRITTEN : Stage.CONTEXT_WRITTEN;
        if (stage == Stage.NEW && reached == Stage.CONTEXT_WRITTEN && writeAhead(operation)) {
            return Stage.WRITTEN_AHEAD;
        }
        return atOnce ? writeOperationAtOnce(operation, reached) : reached;
    }

    /** Whether the next round will know no more of it: it may miss only what is written last, and can never use. */
    private boolean waitsForNothing(OperationDeclaration operation) {
        if (operation.missesTypes()) {
            return !operation.missesActions() && generatedOperations.containsAll(operation.missingTypes());
        }
        return Stream.concat(
                        Stream.of(operation.element()),
                        operation.steps().stream()
                                .flatMap(step -> step.action().stream())
                                .map(action ->
                                        elements.getTypeElement(action.type().canonicalName())))
                .noneMatch(MissingTypes::isInAnnotations);
    }

    private Stage writeOperationAtOnce(OperationDeclaration operation, Stage stage) throws IOException {
        boolean complete = stage == Stage.CONTEXT_WRITTEN
                && !operation.missesTypes()
                && isComplete(operation, OperationValidator.validate(operation));
        writeOperation(operation, complete ? OperationModel.of(operation) : skeleton(operation, stage));
        return complete ? Stage.OPERATION_WRITTEN : Stage.SKELETON_WRITTEN;
    }

    /** Writes an operation in its first round, unless a later one could find something to say about it. */
    private boolean writeAhead(OperationDeclaration operation) throws IOException {
        if (operation.listsActions()
                || operation.missesTypes()
                || !locks.areOnlyRead()
                || !Completeness.of(operation)) {
            return false;
        }
        Report report = validate(operation);
        files.report(operation.type(), report);
        if (!report.isEmpty()) {
            return false;
        }
        writeOperation(operation, OperationModel.of(operation));
        return files.hasWritten(operation.type(), operation.names().operation());
    }

    private void writeEnum(OperationDeclaration operation, NameEnumModel model) throws IOException {
        write(operation, model.type(), NameEnumWriter.write(model));
    }

    private Stage writeOperation(OperationDeclaration operation, Stage stage) throws IOException {
        if (stage == Stage.SKELETON_WRITTEN) {
            return finish(operation, stage);
        }
        if (operation.isIncomplete()) {
            // The compiler reports what, unless another processor still writes it: then the last round finds out.
            writeOperation(operation, skeleton(operation, stage));
            return Stage.SKELETON_WRITTEN;
        }
        Report report = validate(operation);
        if (stage == Stage.PARTIAL_CONTEXT_WRITTEN) {
            reportLateType(operation, report);
        }
        boolean complete = isComplete(operation, report);
        if (stage != Stage.OPERATION_WRITTEN) {
            writeOperation(operation, complete ? OperationModel.of(operation) : skeleton(operation, stage));
        }
        files.report(operation.type(), report);
        if (complete && !report.hasErrors()) {
            locks.write(operation, report);
        }
        report.print(messager);
        return Stage.DONE;
    }

    private boolean isComplete(OperationDeclaration operation, Report report) {
        return !report.hasErrors()
                && hasSoundActions(operation)
                && files.hasWritten(operation.type(), operation.names().context());
    }

    private boolean hasSoundActions(OperationDeclaration operation) {
        return operation.steps().stream().allMatch(step -> mistakesIn(step).isEmpty());
    }

    /** What is wrong with an action type itself, so that it is reported there, once, whatever lists it. */
    private Set<String> mistakesIn(StepDeclaration step) {
        return step.action().map(action -> actions.mistakesIn(action.type())).orElse(Set.of());
    }

    private OperationModel skeleton(OperationDeclaration operation, Stage stage) {
        boolean contextExists = stage == Stage.CONTEXT_WRITTEN
                && files.hasWritten(operation.type(), operation.names().context());
        return OperationModel.skeleton(operation, contextExists);
    }

    private void writeOperation(OperationDeclaration operation, OperationModel model) throws IOException {
        write(operation, operation.names().operation(), OperationWriter.write(model));
    }

    private void write(OperationDeclaration operation, ClassName name, TypeSpec.Builder type) throws IOException {
        files.write(operation.type(), GeneratedHeader.of(operation), name, type);
    }

    /** Nothing is to be written any more, but a class must not pass unchecked. */
    private Stage finish(OperationDeclaration operation, Stage stage) {
        if (operation.isIncomplete()) {
            return stage;
        }
        Report report = validate(operation);
        files.report(operation.type(), report);
        if (!report.hasErrors() && hasSoundActions(operation)) {
            reportLateType(operation, report);
        }
        report.print(messager);
        return Stage.DONE;
    }

    /** The compiler reports the types; what is wrong all the same need not wait for them. */
    private Stage reportBesideMissingTypes(OperationDeclaration operation, Stage stage) {
        if (operation.missesTypes() && !operation.missesValues() && !operation.listsActions()) {
            Report report = OperationValidator.validateWithoutTypes(operation);
            checkNames(operation, report);
            files.report(operation.type(), report);
            report.print(messager);
        }
        return Stage.DONE;
    }

    private Report validate(OperationDeclaration operation) {
        Report report = OperationValidator.validate(operation);
        operation.inheritedSteps().forEach(step -> actions.markReported(step.className()));
        operation.steps().forEach(step -> forgetMistakesIn(step, report));
        operation
                .listedItems()
                .filter(ActionList.Item.Unfit.class::isInstance)
                .forEach(item -> actions.markReported(((ActionList.Item.Unfit) item).className()));
        checkNames(operation, report);
        if (!report.hasErrors()) {
            locks.check(operation, report);
        }
        return report;
    }

    private void forgetMistakesIn(StepDeclaration step, Report report) {
        Set<String> ids = new HashSet<>(mistakesIn(step));
        // Those that wiring finds are the operation's own, since it leaves out the others itself.
        ids.remove("UnknownParameter");
        report.forget(step.place(), ids);
    }

    /** In the first round, so that an operation which takes longer is still the first to bear its name. */
    private void claimNames(OperationDeclaration operation) {
        String className = operation.names().source().canonicalName();
        Stream.concat(operation.name().stream(), operation.formerly().stream().map(Written::text))
                .forEach(name -> classNamesByOperation.putIfAbsent(name, className));
    }

    private void checkNames(OperationDeclaration operation, Report report) {
        operation
                .name()
                .ifPresent(name ->
                        checkUnique(new Written(name, operation.annotation().place("value")), operation, report));
        operation.formerly().forEach(name -> checkUnique(name, operation, report));
    }

    /** Former names count too: what is stored under one must find its class. */
    private void checkUnique(Written name, OperationDeclaration operation, Report report) {
        String className = operation.names().source().canonicalName();
        String first = classNamesByOperation.putIfAbsent(name.text(), className);
        if (first != null && !first.equals(className)) {
            report.error(
                    "DuplicateOperation",
                    name.place(),
                    "\"" + name.text() + "\" already names the operation " + first + ".",
                    "Stored operations find their class by name; pick another.");
        }
    }

    private static void reportLateType(OperationDeclaration operation, Report report) {
        report.error(
                "LateType",
                Place.of(operation.element()),
                operation.simpleName() + " names a type that another processor wrote too late to be checked.",
                operation.listsActions()
                        ? "Only types that are written in the first round of annotation processing can be params and"
                                + " outputs, and none that another processor writes an action type."
                        : "Only types that are written in the first round of annotation processing can be params and"
                                + " outputs.");
    }

    /** What one stage does with an operation; returns the stage reached. */
    @FunctionalInterface
    private interface Advance<T> {
        Stage advance(T operation, Stage stage) throws IOException;
    }
}
