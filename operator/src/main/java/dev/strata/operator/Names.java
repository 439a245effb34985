package dev.strata.operator;

/** Labels, annotations and names of what belongs to a pool. */
final class Names {
  static final String POOL = "strata.dev/pool";
  static final String ROLE = "strata.dev/role";
  static final String IDENTITY = "strata.dev/identity";
  static final String EPOCH = "strata.dev/epoch";
  static final String REVISION = "strata.dev/revision";

  /** On an identity Lease: its number. */
  static final String ORDINAL = "strata.dev/ordinal";

  /** Annotation: when the pod was asked to drain, RFC 3339. */
  static final String DRAIN_SINCE = "strata.dev/drain-since";

  /** Value of {@link #ROLE}: kept without work, see {@link #QUARANTINED_UNTIL}. */
  static final String QUARANTINED = "quarantined";

  /** Annotation: until when a quarantined pod is kept, RFC 3339. */
  static final String QUARANTINED_UNTIL = "strata.dev/quarantined-until";

  /** Annotation: for which target of which gate, for people. */
  static final String QUARANTINED_FOR = "strata.dev/quarantined-for";

  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String OPERATOR = "strata-operator";

  /** Name of the container that is the agent. */
  static final String CONTAINER = "agent";

  private Names() {}

  /** The Secret with a pool's task token and sealing key. */
  static String secret(String pool) {
    return pool + "-agents";
  }

  /** Selects the agents of a pool that hold an identity. */
  static String activeSelector(String pool) {
    return POOL + "=" + pool + "," + ROLE + "=active";
  }
}
