package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a step runs is up to the clock of the database, whatever that of this process says. */
class StartTimeTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    @Test
    void time_isLookedAtSoon_thoughThisClockIsAnHourBehind() {
        StartTime inFiveSeconds = new StartTime(Duration.ZERO, NOW.plusSeconds(5));

        assertThat(inFiveSeconds.untilLook(NOW.minus(Duration.ofHours(1)))).isEqualTo(StartTime.SOON);
        assertThat(inFiveSeconds.untilLook(NOW)).isEqualTo(StartTime.SOON);
        assertThat(inFiveSeconds.untilLook(NOW.plus(Duration.ofHours(1)))).isLessThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void time_thatIsNear_isLookedAtWhenItComes() {
        assertThat(new StartTime(Duration.ZERO, NOW.plusMillis(7)).untilLook(NOW))
                .isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void delay_isNoTime_andIsWaitedFor() {
        assertThat(new StartTime(Duration.ofHours(2), null).untilLook(NOW)).isEqualTo(Duration.ofHours(2));
        assertThat(new StartTime(Duration.ofHours(2), NOW.plusSeconds(5)).untilLook(NOW))
                .isEqualTo(Duration.ofHours(2));
    }
}
