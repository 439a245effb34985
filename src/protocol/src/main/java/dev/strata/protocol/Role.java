package dev.strata.protocol;

import java.util.Locale;

/**
 * What a pod of a pool is to do. The lower-case name is the value of the pod label {@code
 * strata.dev/role}.
 */
public enum Role {
  /** Started and connected, takes no work, has no identity yet. */
  SPARE,
  /** Holds an identity and takes work. */
  ACTIVE,
  /** Takes no new work, finishes what it has, then is removed. */
  DRAINING,
  /** Lost its identity to a replacement: whatever it still says is dropped. */
  FENCED;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
