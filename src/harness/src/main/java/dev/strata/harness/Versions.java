package dev.strata.harness;

/** The versions that the harness runs, without a leading v. */
public final class Versions {
  public static final String KUBERNETES = Binary.KUBERNETES;
  public static final String ETCD = Binary.ETCD.version();

  private Versions() {}
}
