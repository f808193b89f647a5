package dev.backops.examples.subscriptions;

/** What a customer can subscribe to. Stored by name, so a constant is never renamed while operations bear it. */
public enum Plan {
    BASIC,
    PRO,
    TEAM,
    ENTERPRISE
}
