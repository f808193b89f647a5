package dev.backops.processor;

/**
 * The value with which a step says where it jumps.
 *
 * @param component the component of the returned record that it is; empty where the step returns it as it is
 * @param nullness whether the step may go on without a jump
 */
record JumpDeclaration(EnumDeclaration constants, String component, Nullness nullness) {}
