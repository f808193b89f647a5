package dev.backops.examples.subscriptions;

/**
 * How far the operations of a run are.
 *
 * @param total all that are waited for
 * @param completed those that are done
 * @param failed those that have failed for good
 * @param retrying those that wait for another attempt
 * @param paused those that somebody has paused meanwhile
 * @param orphaned those that a killed run holds until its lease ends
 */
record Progress(int total, int completed, int failed, int retrying, int paused, int orphaned) {

    int ended() {
        return completed + failed;
    }

    boolean done() {
        return ended() == total;
    }

    /** What is worth saying beside the numbers. */
    String remarks() {
        StringBuilder text = new StringBuilder();
        append(text, failed, "failed");
        append(text, retrying, "to be retried");
        append(text, paused, "paused");
        append(text, orphaned, "held by another run");
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(what);
        }
    }
}
