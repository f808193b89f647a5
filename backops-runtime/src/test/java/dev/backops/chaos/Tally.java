package dev.backops.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What came of the faults of one kind. Used by one thread. */
final class Tally {

    private final FaultKind kind;
    private int thrown;
    private long operations;
    private int lost;
    private int repeated;
    private int doubled;
    private int together;
    private int brokenOff;
    private final List<Duration> rescues = new ArrayList<>();

    Tally(FaultKind kind) {
        this.kind = kind;
    }

    FaultKind kind() {
        return kind;
    }

    int thrown() {
        return thrown;
    }

    void add(int faults, Verdict verdict) {
        thrown += faults;
        operations += verdict.operations();
        lost += verdict.lost().size();
        repeated += verdict.repeated().size();
        doubled += verdict.doubled().size();
        together += verdict.together().size();
        rescues.addAll(verdict.rescues());
    }

    /** Counts a round that could not be brought to its end. */
    void addBrokenOff() {
        brokenOff++;
    }

    /** Whether there were faults and operations, and nothing wrong with any of those. */
    boolean isClean() {
        return thrown > 0 && operations > 0 && lost + repeated + doubled + together + brokenOff == 0;
    }

    @Override
    public String toString() {
        String rescued = rescues.isEmpty()
                ? ""
                : ", the operations of %d dead taken over after %.1f s at most"
                        .formatted(rescues.size(), Collections.max(rescues).toMillis() / 1_000.0);
        String broken = brokenOff == 0 ? "" : ", " + brokenOff + " rounds broken off";
        return "fault %s thrown %d lost %d repeated %d doubled %d together %d (of %d operations%s%s)"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT),
                        thrown,
                        lost,
                        repeated,
                        doubled,
                        together,
                        operations,
                        rescued,
                        broken);
    }
}
