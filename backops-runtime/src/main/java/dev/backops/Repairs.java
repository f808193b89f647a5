package dev.backops;

import java.util.Map;

/**
 * Repairs the operations that a search finds, newest first, as many as its limit allows: call again while anything is
 * repaired. Each operation is repaired as {@link Operations} does a single one, with an audit row of its own; one that
 * refuses is left as it is, and the report says why. Immutable and safe for every thread.
 *
 * <p>Several hundred operations at a time are repaired in one transaction; if the database goes away in the middle, some are
 * repaired and the others are not.
 *
 * <p>Every method throws {@link DatabaseException} if the database cannot be reached, and {@link ClosedException} after
 * {@link BackOps#close}.
 */
public interface Repairs {

    /**
     * The same, with what the audit rows say about it.
     *
     * @param who the person or program that repairs; by default the role of the connection
     * @param why the reason
     */
    Repairs by(String who, String why);

    /** Resumes those that have failed; see {@link Operations#resume}. */
    RepairReport resume();

    /** Ends those that are not over; see {@link Operations#cancel}. */
    RepairReport cancel();

    /** The same without waiting for steps that run; see {@link Operations#cancelNow}. */
    RepairReport cancelNow();

    /** Pauses those that wait or run; see {@link Operations#pause}. */
    RepairReport pause();

    /** The same without waiting for steps that run; see {@link Operations#pauseNow}. */
    RepairReport pauseNow();

    /** Lets those go on that are paused; see {@link Operations#unpause}. */
    RepairReport unpause();

    /** Runs a step again in those that do not run and are not over; see {@link Operations#retryFrom(long, String)}. */
    RepairReport retryFrom(String step);

    /** See {@link #retryFrom(String)}. */
    default RepairReport retryFrom(StepName step) {
        return retryFrom(step.stepName());
    }

    /** Makes those that do not run and are not over go on at a step; see {@link Operations#jumpTo(long, String)}. */
    RepairReport jumpTo(String step);

    /** See {@link #jumpTo(String)}. */
    default RepairReport jumpTo(StepName step) {
        return jumpTo(step.stepName());
    }

    /**
     * Makes those that do not run and are not over go on behind their next step; see {@link Operations#skip}.
     *
     * @param outputs what the step would have set, as JSON values by name, the same for all
     */
    RepairReport skip(Map<String, Object> outputs);
}
