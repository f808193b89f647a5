package dev.backops.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is wrong with operations.
 *
 * @param operations how many there were
 * @param lost those that were acknowledged and are not there, or that are there and not as they are to be in the end
 * @param repeated those with a step that was called after its end was recorded
 * @param doubled those whose transactional step took effect more than once
 * @param together those of which two processes ran a step at the same time, or one did so twice, while their leases held
 * @param rescues how long it took others to take the operations of each process that died
 */
record Verdict(
        long operations,
        Set<Long> lost,
        Set<Long> repeated,
        Set<Long> doubled,
        Set<Long> together,
        List<Duration> rescues) {

    /** Whether there is nothing wrong. */
    boolean isClean() {
        return guilty().isEmpty();
    }

    /** The operations that something is wrong with. */
    List<Long> guilty() {
        return Stream.of(lost, repeated, doubled, together)
                .flatMap(Set::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
