package dev.strata.core.gate;

/**
 * One of those whose figures make up a target's, and its own.
 *
 * @param name such as an agent's pod
 * @param value a mean or a share, as the target has it
 */
public record Owner(String name, double value) {}
