package dev.backops.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "PT1S,    2,   PT1H,  1,          PT1S",
        "PT1S,    2,   PT1H,  2,          PT2S",
        "PT1S,    2,   PT1H,  12,         PT34M8S",
        "PT1S,    2,   PT1H,  13,         PT1H",
        "PT1S,    2,   PT1H,  2147483647, PT1H",
        "PT1S,    1.5, PT1H,  3,          PT2.25S",
        "PT1S,    1,   PT1H,  2147483647, PT1S",
        "PT0S,    2,   PT1H,  1,          PT0S",
        "PT0S,    2,   PT1H,  2147483647, PT0S",
        "PT0S,    1E308, PT0S, 3,         PT0S",
        "PT0.01S, 1E308, PT1H, 3,         PT1H",
        "PT1H,    1,   PT1H,  5,          PT1H",
    })
    void delay_growsUpToTheLongest(String backoff, double multiplier, String max, int attempt, Duration delay) {
        RetryPolicy policy = RetryPolicy.of(10, backoff, multiplier, max, 0);

        assertThat(policy.delayAfter(attempt, 0)).isEqualTo(delay);
        assertThat(policy.delayAfter(attempt, 1)).isEqualTo(delay);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0, PT8S", "0.2, 0.5, PT10S", "0.2, 1, PT12S", "1, 0, PT0S", "1, 1, PT20S"})
    void delay_isChangedByItsShareOfChance(double jitter, double chance, Duration delay) {
        assertThat(RetryPolicy.of(10, "PT10S", 1, "PT10S", jitter).delayAfter(1, chance))
                .isEqualTo(delay);
    }

    /* Nothing overflows on the way of a delay to the database and its timestamps. */
    @ParameterizedTest
    @ValueSource(longs = {365_000L * 86_400, 1L << 40, Long.MAX_VALUE})
    void delay_ofCenturies_isOfOne(long seconds) {
        Duration forEver = Duration.ofSeconds(seconds);
        RetryPolicy policy = new RetryPolicy(10, forEver, 10, forEver, 1, List.of());

        assertThat(policy.delayAfter(9, 0.5)).isEqualTo(Duration.ofDays(36_500));
        assertThat(policy.delayAfter(9, 1)).isEqualTo(Duration.ofDays(73_000));
    }

    @Test
    void policy_outOfRange_isRefusedWithTheValue() {
        refused("maxAttempts must be at least 1, but is 0", 0, "PT1S", 1, "PT1S", 0);
        refused("backoff must not be negative, but is PT-1S", 1, "PT-1S", 1, "PT1S", 0);
        refused("multiplier must be at least 1, but is 0.9", 1, "PT1S", 0.9, "PT1S", 0);
        refused("multiplier must be at least 1, but is NaN", 1, "PT1S", Double.NaN, "PT1S", 0);
        refused("multiplier must be at least 1, but is Infinity", 1, "PT1S", Double.POSITIVE_INFINITY, "PT1S", 0);
        refused("maxBackoff must not be shorter than backoff (PT2S), but is PT1S", 1, "PT2S", 1, "PT1S", 0);
        refused("jitter must be from 0 to 1, but is 1.1", 1, "PT1S", 1, "PT1S", 1.1);
        refused("jitter must be from 0 to 1, but is NaN", 1, "PT1S", 1, "PT1S", Double.NaN);
    }

    private static void refused(
            String message, int maxAttempts, String backoff, double multiplier, String max, double jitter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.of(maxAttempts, backoff, multiplier, max, jitter))
                .withMessage(message);
    }
}
