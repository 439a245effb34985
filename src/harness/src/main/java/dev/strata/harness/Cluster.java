package dev.strata.harness;

/** Placeholder. */
public final class Cluster {
  /** Namespace of the operator and of the NATS keys. */
  public static final String SYSTEM_NAMESPACE = "strata-system";

  private Cluster() {}
}
