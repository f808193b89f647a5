package dev.backops.internal.store;

/**
 * The schema of one installation.
 *
 * @param name a plain lower-case identifier, so that it needs no quotes anywhere
 */
public record Schema(String name) {

    /** A statement with the schema's name in the place of each <code>${schema}</code>. */
    public String in(String sql) {
        return sql.replace("${schema}", name);
    }
}
