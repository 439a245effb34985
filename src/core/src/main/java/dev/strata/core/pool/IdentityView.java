package dev.strata.core.pool;

import org.jspecify.annotations.Nullable;

/**
 * An identity as its Lease says.
 *
 * @param ordinal the number behind the pool's name
 * @param holder UID of the pod that holds it; null when it is free
 * @param epoch how often it changed hands
 */
public record IdentityView(int ordinal, @Nullable String holder, long epoch) {}
