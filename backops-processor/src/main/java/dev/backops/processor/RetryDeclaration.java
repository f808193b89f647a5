package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;

/** A {@code @Retry} that the source writes out. */
record RetryDeclaration(
        AnnotationUse annotation,
        int maxAttempts,
        String backoff,
        double multiplier,
        String maxBackoff,
        double jitter,
        List<AbortOn> abortOn) {

    RetryDeclaration {
        abortOn = List.copyOf(abortOn);
    }

    /** An exception after which no attempt follows. */
    record AbortOn(ClassName type, boolean accessible, boolean deprecated, Place place) {}
}
