package dev.strata.core.pool;

import java.time.Instant;

/**
 * The API server refused a pod of this pool.
 *
 * @param reason QuotaExceeded, LimitRange or Forbidden
 * @param message the API server's sentence
 * @param until creation is not tried again before this
 */
public record Refusal(Reason reason, String message, Instant until) {}
