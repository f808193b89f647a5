/**
 * What a step costs in BackOps and in what a team would pick instead, each system in a JVM and in databases of its own.
 *
 * <p>{@link dev.backops.benchmarks.peers.PeersBenchmark} starts a PostgreSQL and, for each system and round, a JVM that runs
 * the {@code Workload}s one after the other and prints figures. A workload is written once, against {@code Contender}.
 */
@NullMarked
package dev.backops.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
