package dev.backops.chaos;

/**
 * What is wrong with operations.
 *
 * @param lost those whose enqueue was acknowledged and that are not completed with all of their steps and effects
 * @param repeated steps that were called after their record
 * @param doubled operations whose transactional step took effect more than once
 */
record Verdict(long lost, long repeated, long doubled) {

    Verdict plus(Verdict other) {
        return new Verdict(lost + other.lost, repeated + other.repeated, doubled + other.doubled);
    }
}
