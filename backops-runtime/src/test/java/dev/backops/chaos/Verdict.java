package dev.backops.chaos;

/**
 * What is wrong with operations.
 *
 * @param operations how many there were
 * @param lost those whose enqueue was acknowledged and that are not completed with all of their steps and effects
 * @param repeated steps that were called after their record
 * @param doubled operations whose transactional step took effect more than once
 */
record Verdict(long operations, long lost, long repeated, long doubled) {

    static final Verdict NONE = new Verdict(0, 0, 0, 0);

    Verdict plus(Verdict other) {
        return new Verdict(
                operations + other.operations, lost + other.lost, repeated + other.repeated, doubled + other.doubled);
    }

    /** Whether there is nothing wrong, with anything at all. */
    boolean isClean() {
        return operations > 0 && lost == 0 && repeated == 0 && doubled == 0;
    }
}
