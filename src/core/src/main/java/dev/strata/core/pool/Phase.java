package dev.strata.core.pool;

/** Where a pod is in its life, as the API says. */
public enum Phase {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED
}
