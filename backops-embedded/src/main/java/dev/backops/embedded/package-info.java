/**
 * A real PostgreSQL that starts from a jar, for development, examples and tests: nothing to install, nothing to clean up.
 *
 * <p>{@link dev.backops.embedded.EmbeddedDatabase} unpacks the server once per user, starts it in a second on the loopback
 * address, and stops it when it is closed or the JVM exits. A directory that is kept is as durable as an installed server,
 * and survives whatever happens to the JVM: a server that a killed JVM left behind is found and stopped by the next start.
 *
 * <p>Not for production: whoever has an account on this machine may connect, as superuser and without a password.
 */
@NullMarked
package dev.backops.embedded;

import org.jspecify.annotations.NullMarked;
