package dev.backops.processor;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Durations in annotations. */
final class Durations {

    private static final Duration LONGEST = Duration.ofDays(3650);

    private Durations() {}

    /** What is wrong with a duration, and what to do; nothing if it is from zero to ten years. */
    static List<String> problemsOf(String name, String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isNegative()) {
                return List.of(name + " must not be negative, but is " + text + ".");
            }
            return duration.compareTo(LONGEST) > 0
                    ? List.of(name + " must be at most ten years, but is " + text + ".")
                    : List.of();
        } catch (DateTimeParseException e) {
            return List.of(
                    name + " is \"" + text + "\", which is not an ISO-8601 duration.",
                    "Write for example \"PT2S\" for two seconds, \"PT5M\" for five minutes, \"PT24H\" for a day.");
        }
    }
}
