package dev.strata.core.pool;

/** What a pod of a pool is labelled as, or says of itself. */
public enum PodRole {
  /** Started or starting, without an identity. */
  SPARE,
  /** Holds an identity and takes work. */
  ACTIVE,
  /** Finishes what it has and takes nothing new. */
  DRAINING,
  /** Finishes what it has, gives its identity back and stays to be looked at. */
  QUARANTINED,
  /** Lost its identity to a replacement. */
  FENCED
}
