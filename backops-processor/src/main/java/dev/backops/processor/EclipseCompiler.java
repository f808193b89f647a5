package dev.backops.processor;

import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;

/** Where the Eclipse compiler differs from javac. */
final class EclipseCompiler {

    private EclipseCompiler() {}

    /**
     * Where a mistake in a record component is reported: javac knows no line of the component, but one of its field; the
     * Eclipse compiler knows neither once the first round is over, but that of the class.
     */
    static Place placeOf(RecordComponentElement component, TypeElement operation, ProcessingEnvironment environment) {
        if (runs(environment)) {
            return Place.of(operation);
        }
        return fieldOf(component).map(Place::of).orElse(Place.of(operation));
    }

    /** Where a mistake in the params as a whole is reported: the Eclipse compiler knows no line of a record. */
    static Place placeOf(TypeElement params, TypeElement operation, ProcessingEnvironment environment) {
        return Place.of(params.getKind() == ElementKind.RECORD && runs(environment) ? operation : params);
    }

    /** Where a mistake in a class as a whole is reported: of a record, the Eclipse compiler knows only the lines of methods. */
    static Place placeOf(TypeElement type, ProcessingEnvironment environment) {
        return type.getKind() == ElementKind.RECORD && runs(environment)
                ? StepCollector.methods(type).stream()
                        .filter(method -> AnnotationUse.isOn(method, TypeNames.STEP))
                        .findFirst()
                        .map(Place::of)
                        .orElse(Place.of(type))
                : Place.of(type);
    }

    /** The private field that holds a component. */
    static Optional<VariableElement> fieldOf(RecordComponentElement component) {
        return Optional.ofNullable(component.getEnclosingElement()).stream()
                .flatMap(record -> ElementFilter.fieldsIn(record.getEnclosedElements()).stream())
                .filter(field -> field.getSimpleName().equals(component.getSimpleName()))
                .findFirst();
    }

    /**
     * Whether all files of a class had better be written in one round. Where a new file has the name of a type that was
     * mentioned before, the Eclipse compiler starts again, and forgets what was written in earlier rounds, unless one of
     * the names of that round had been mentioned as well.
     *
     * @see <a href="https://github.com/eclipse-jdt/eclipse.jdt.core/pull/3324">the fix that is proposed</a>
     */
    static boolean forgetsEarlierRounds(ProcessingEnvironment environment) {
        return runs(environment);
    }

    private static boolean runs(ProcessingEnvironment environment) {
        return environment.getClass().getName().startsWith("org.eclipse.jdt.");
    }
}
