/**
 * Runs operations.
 *
 * <pre>
 *  ClaimLoop    claims ready operations into the ReadyBuffer
 *  StepRunner   takes one, runs its next step, and tells the Journal
 *  Journal      records what gathered meanwhile in one statement, then puts the next steps back into the ReadyBuffer
 *
 *  ScheduleLoop makes operations ready whose time has come
 *  HeartbeatLoop renews the lease of this process; RescueLoop takes operations from processes whose lease is over
 * </pre>
 *
 * <p>Nothing waits for a timer on the way of an operation: while the journal commits, the next batch gathers. An operation
 * in hand is an {@link dev.backops.internal.engine.Execution}, passed from thread to thread and changed by none.
 */
@NullMarked
package dev.backops.internal.engine;

import org.jspecify.annotations.NullMarked;
