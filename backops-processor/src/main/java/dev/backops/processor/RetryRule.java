package dev.backops.processor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The numbers and durations of {@code @Retry}. */
final class RetryRule implements OperationValidator.Rule {

    @Override
    public void check(OperationDeclaration operation, Report report) {
        operation.retry().ifPresent(retry -> check(retry, report));
        for (StepDeclaration step : operation.steps()) {
            step.retry().ifPresent(retry -> check(retry, report));
        }
    }

    static void check(RetryDeclaration retry, Report report) {
        if (retry.maxAttempts() < 1) {
            invalid(
                    retry,
                    "maxAttempts",
                    report,
                    "maxAttempts must be at least 1, but is " + retry.maxAttempts() + ".");
        }
        if (!(retry.multiplier() >= 1) || Double.isInfinite(retry.multiplier())) {
            invalid(retry, "multiplier", report, "multiplier must be at least 1, but is " + retry.multiplier() + ".");
        }
        if (!(retry.jitter() >= 0 && retry.jitter() <= 1)) {
            invalid(retry, "jitter", report, "jitter must be from 0 to 1, but is " + retry.jitter() + ".");
        }
        Optional<Duration> backoff = duration(retry, "backoff", retry.backoff(), report);
        Optional<Duration> maxBackoff = duration(retry, "maxBackoff", retry.maxBackoff(), report);
        if (backoff.isPresent() && maxBackoff.isPresent() && maxBackoff.get().compareTo(backoff.get()) < 0) {
            checkOrder(retry, report);
        }
        for (RetryDeclaration.AbortOn abortOn : retry.abortOn()) {
            if (!abortOn.accessible()) {
                report.error(
                        "PrivateType",
                        abortOn.place(),
                        "abortOn names " + abortOn.type().simpleName() + ", but generated code cannot.",
                        "Make it and the classes around it at least package-private.");
            }
        }
    }

    private static void checkOrder(RetryDeclaration retry, Report report) {
        String value = retry.annotation().writes("maxBackoff") ? "maxBackoff" : "backoff";
        invalid(
                retry,
                value,
                report,
                "maxBackoff, " + retry.maxBackoff() + (value.equals("backoff") ? " by default" : "")
                        + ", must not be shorter than backoff, " + retry.backoff() + ".");
    }

    private static Optional<Duration> duration(RetryDeclaration retry, String value, String text, Report report) {
        List<String> problems = Durations.problemsOf(value, text);
        if (problems.isEmpty()) {
            return Optional.of(Duration.parse(text));
        }
        invalid(retry, value, report, problems.toArray(String[]::new));
        return Optional.empty();
    }

    private static void invalid(RetryDeclaration retry, String value, Report report, String... lines) {
        report.error("InvalidRetry", retry.annotation().place(value), lines);
    }
}
