package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.Elements;

/** Reads the {@code retry} of an operation or a step. */
final class RetryCollector {

    private final Elements elements;
    private final PackageElement from;

    RetryCollector(ProcessingEnvironment environment, PackageElement from) {
        this.elements = environment.getElementUtils();
        this.from = from;
    }

    /** The policy, where the source writes one. */
    Optional<RetryDeclaration> collect(AnnotationUse annotation) {
        return annotation.nested("retry", elements).map(this::retry);
    }

    // The fallbacks stand for values that do not compile.
    private RetryDeclaration retry(AnnotationUse retry) {
        return new RetryDeclaration(
                retry,
                Objects.requireNonNullElse(retry.integer("maxAttempts"), 1),
                Objects.requireNonNullElse(retry.string("backoff"), "PT0S"),
                Objects.requireNonNullElse(retry.decimal("multiplier"), 1.0),
                Objects.requireNonNullElse(retry.string("maxBackoff"), "PT0S"),
                Objects.requireNonNullElse(retry.decimal("jitter"), 0.0),
                abortOn(retry));
    }

    private List<RetryDeclaration.AbortOn> abortOn(AnnotationUse retry) {
        return retry.list("abortOn").stream()
                .flatMap(value -> abortOn(retry, value))
                .toList();
    }

    private Stream<RetryDeclaration.AbortOn> abortOn(AnnotationUse retry, AnnotationValue value) {
        if (!(value.getValue() instanceof DeclaredType declared) || declared.getKind() == TypeKind.ERROR) {
            return Stream.empty();
        }
        TypeElement type = (TypeElement) declared.asElement();
        return Stream.of(new RetryDeclaration.AbortOn(
                ClassName.get(type),
                Accessibility.of(type, from) != Accessibility.NOWHERE,
                elements.isDeprecated(type),
                retry.placeOf("abortOn", value)));
    }
}
