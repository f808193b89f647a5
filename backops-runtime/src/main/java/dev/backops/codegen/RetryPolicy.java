package dev.backops.codegen;

import java.time.Duration;
import java.util.List;

/**
 * How often a step is tried and how long it waits in between; see {@code dev.backops.annotation.Retry}.
 *
 * @param maxAttempts all attempts, the first included; at least 1
 * @param backoff the wait after the first failed attempt; zero or more
 * @param multiplier by what the wait grows; at least 1
 * @param maxBackoff the longest wait; not shorter than {@code backoff}
 * @param jitter the share of the wait that chance adds or takes away; from 0 to 1
 * @param abortOn exceptions, subclasses included, after which no attempt follows
 */
public record RetryPolicy(
        int maxAttempts,
        Duration backoff,
        double multiplier,
        Duration maxBackoff,
        double jitter,
        List<Class<? extends Throwable>> abortOn) {

    /** Ten attempts, one second that doubles up to an hour, a fifth of jitter. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(10, Duration.ofSeconds(1), 2, Duration.ofHours(1), 0.2, List.of());

    /** A century: enough for every wait, and no way to overflow. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

    public RetryPolicy {
        check(maxAttempts >= 1, "maxAttempts must be at least 1, but is " + maxAttempts);
        check(!backoff.isNegative(), "backoff must not be negative, but is " + backoff);
        check(multiplier >= 1 && Double.isFinite(multiplier), "multiplier must be at least 1, but is " + multiplier);
        check(
                maxBackoff.compareTo(backoff) >= 0,
                "maxBackoff must not be shorter than backoff (" + backoff + "), but is " + maxBackoff);
        check(jitter >= 0 && jitter <= 1, "jitter must be from 0 to 1, but is " + jitter);
        abortOn = List.copyOf(abortOn);
    }

    /** The policy of an annotation, with its durations in ISO-8601. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static RetryPolicy of(
            int maxAttempts,
            String backoff,
            double multiplier,
            String maxBackoff,
            double jitter,
            Class<? extends Throwable>... abortOn) {
        return new RetryPolicy(
                maxAttempts, Duration.parse(backoff), multiplier, Duration.parse(maxBackoff), jitter, List.of(abortOn));
    }

    /** Whether a step that threw {@code error} has failed for good, whatever the attempts left. */
    public boolean abortsOn(Throwable error) {
        return abortOn.stream().anyMatch(type -> type.isInstance(error));
    }

    /**
     * The wait before the attempt that follows failed attempt {@code attempt}; a century at most, chance aside.
     *
     * @param attempt the number of the attempt that failed, from 1
     * @param chance a random number from 0 to 1
     */
    public Duration delayAfter(int attempt, double chance) {
        double grown = millis(backoff) * Math.pow(multiplier, attempt - 1.0);
        double plain = Math.min(grown, millis(maxBackoff));
        return Duration.ofMillis(Math.round(plain * (1 + jitter * (2 * chance - 1))));
    }

    private static double millis(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait.toMillis() : LONGEST_WAIT.toMillis();
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }
}
