package dev.strata.protocol;

/** Names of the environment variables that the operator sets in an agent's container. */
public final class AgentEnvironment {
  private AgentEnvironment() {}

  /** UID of the pool. */
  public static final String POOL_UID = "STRATA_POOL_UID";

  /** Name of the pool. */
  public static final String POOL = "STRATA_POOL";

  /** Name of the pod (downward API). */
  public static final String POD_NAME = "STRATA_POD_NAME";

  /** UID of the pod (downward API). */
  public static final String POD_UID = "STRATA_POD_UID";

  /** Namespace of the pod (downward API). */
  public static final String NAMESPACE = "STRATA_NAMESPACE";

  /** Name of the node (downward API). */
  public static final String NODE = "STRATA_NODE";

  /** Address of the pod (downward API): what the agent's HTTP server binds to. */
  public static final String POD_IP = "STRATA_POD_IP";

  /** Port of the agent's HTTP server. */
  public static final String HTTP_PORT = "STRATA_HTTP_PORT";

  /** Comma-separated URLs of the NATS servers. */
  public static final String NATS_URL = "STRATA_NATS_URL";

  /**
   * Certificates, PEM, of the only authorities that are trusted to vouch for those servers; not set
   * where the trust store of the image does.
   */
  public static final String NATS_CA = "STRATA_NATS_CA";

  /** The pod's first NATS user, a {@link dev.strata.protocol.nats.PodUser} as text. */
  public static final String CREDENTIALS = "STRATA_CREDENTIALS";

  /** Base 64 of the pool's 32-byte key, which opens that user and later ones, from its Secret. */
  public static final String SEAL_KEY = "STRATA_SEAL_KEY";

  /** Bearer token of the task API, from the pool's Secret. */
  public static final String HTTP_TOKEN = "STRATA_HTTP_TOKEN";

  /** {@link AgentConfig} as JSON. */
  public static final String CONFIG = "STRATA_AGENT";

  /** API key of an openai handler, from a Secret of the user's. */
  public static final String OPENAI_API_KEY = "STRATA_OPENAI_API_KEY";

  /** All of ours start with this; none of them is passed on to a handler's process. */
  public static final String PREFIX = "STRATA_";

  /** The port that {@link #HTTP_PORT} names. */
  public static final int DEFAULT_HTTP_PORT = 8080;
}
