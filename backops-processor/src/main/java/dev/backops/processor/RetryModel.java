package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import java.util.List;

/** A {@code RetryPolicy} in generated code. */
record RetryModel(
        int maxAttempts, String backoff, double multiplier, String maxBackoff, double jitter, List<ClassName> abortOn) {

    RetryModel {
        abortOn = List.copyOf(abortOn);
    }

    static RetryModel of(RetryDeclaration retry) {
        return new RetryModel(
                retry.maxAttempts(),
                retry.backoff(),
                retry.multiplier(),
                retry.maxBackoff(),
                retry.jitter(),
                retry.abortOn().stream().map(RetryDeclaration.AbortOn::type).toList());
    }
}
