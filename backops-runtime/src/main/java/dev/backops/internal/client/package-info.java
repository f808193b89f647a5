/** What the calls of users and of generated code lead to: enqueueing, finding, waiting. */
@NullMarked
package dev.backops.internal.client;

import org.jspecify.annotations.NullMarked;
