/** The tables: created and upgraded by Flyway, with a history table of their own beside that of the application. */
@NullMarked
package dev.backops.internal.schema;

import org.jspecify.annotations.NullMarked;
