package dev.strata.agent;

import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.Messages;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.PodUser;
import dev.strata.protocol.nats.SeedAuth;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an agent is told at start, read from its environment. {@link #toString()} shows no
 * secret.
 *
 * @param pool UID of the pool
 * @param pod name of the pod
 * @param podUid UID of the pod
 * @param node name of the node
 * @param address what the HTTP server binds to
 * @param httpPort its port; 0 takes a free one
 * @param natsUrls servers of one cluster
 * @param natsAuthority PEM certificates of who vouches for them, else null
 * @param auth the pod's NATS user, opened beside everything else
 * @param sealKey key under which the next ones come
 * @param httpToken bearer token of the task API
 * @param config how to work
 * @param openAiKey key of an openai handler, else null
 */
public record AgentSettings(
    String pool,
    String pod,
    String podUid,
    String node,
    String address,
    int httpPort,
    List<String> natsUrls,
    @Nullable String natsAuthority,
    SeedAuth auth,
    String sealKey,
    String httpToken,
    AgentConfig config,
    @Nullable String openAiKey) {

  /** What it takes to connect; see the parameters of the settings. */
  record Link(String pod, List<String> natsUrls, @Nullable String natsAuthority, SeedAuth auth) {

    /**
     * Reads it. Credentials that cannot be opened are told by whoever asks for them.
     *
     * @throws BadConfigurationException naming the variable and what to write
     */
    static Link read(Map<String, String> environment) {
      String pod = need(environment, AgentEnvironment.POD_NAME);
      String key = need(environment, AgentEnvironment.SEAL_KEY);
      String user = need(environment, AgentEnvironment.CREDENTIALS);
      return new Link(
          pod,
          AgentSettings.natsUrls(need(environment, AgentEnvironment.NATS_URL)),
          environment.get(AgentEnvironment.NATS_CA),
          SeedAuth.opening(() -> AgentSettings.credentials(key, pod, user)));
    }
  }

  /**
   * Reads the environment.
   *
   * @throws BadConfigurationException naming the variable and what to write
   */
  public static AgentSettings read(Map<String, String> environment) {
    return read(environment, Link.read(environment));
  }

  /** Likewise, what is not in the link. */
  static AgentSettings read(Map<String, String> environment, Link link) {
    return new AgentSettings(
        need(environment, AgentEnvironment.POOL_UID),
        link.pod(),
        need(environment, AgentEnvironment.POD_UID),
        environment.getOrDefault(AgentEnvironment.NODE, ""),
        need(environment, AgentEnvironment.POD_IP),
        port(environment),
        link.natsUrls(),
        link.natsAuthority(),
        link.auth(),
        need(environment, AgentEnvironment.SEAL_KEY),
        need(environment, AgentEnvironment.HTTP_TOKEN),
        config(need(environment, AgentEnvironment.CONFIG)),
        environment.get(AgentEnvironment.OPENAI_API_KEY));
  }

  Link link() {
    return new Link(pod, natsUrls, natsAuthority, auth);
  }

  private static String need(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new BadConfigurationException(
          "the environment variable " + name + " is not set; the operator sets it in the pod");
    }
    return value;
  }

  private static int port(Map<String, String> environment) {
    String text =
        environment.getOrDefault(
            AgentEnvironment.HTTP_PORT, String.valueOf(AgentEnvironment.DEFAULT_HTTP_PORT));
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the sentence below.
    }
    throw new BadConfigurationException(
        AgentEnvironment.HTTP_PORT + " is \"" + text + "\"; write a port from 1 to 65535");
  }

  private static List<String> natsUrls(String text) {
    List<String> urls = Arrays.stream(text.split(",")).map(String::strip).toList();
    for (String url : urls) {
      if (!isNatsUrl(url)) {
        throw new BadConfigurationException(
            AgentEnvironment.NATS_URL
                + " has \""
                + url
                + "\"; write nats://HOST:PORT or tls://HOST:PORT, several with commas between"
                + " them");
      }
    }
    return urls;
  }

  private static boolean isNatsUrl(String url) {
    try {
      URI uri = URI.create(url);
      return ("nats".equals(uri.getScheme()) || "tls".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Credentials credentials(String key, String pod, String user) {
    try {
      return PodUser.parse(user).open(key, pod);
    } catch (IllegalArgumentException e) {
      throw new BadConfigurationException(
          "cannot open "
              + AgentEnvironment.CREDENTIALS
              + " of pod "
              + pod
              + " with "
              + AgentEnvironment.SEAL_KEY
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static AgentConfig config(String json) {
    AgentConfig config;
    try {
      config = Messages.record(json.getBytes(StandardCharsets.UTF_8), AgentConfig.class);
    } catch (IOException e) {
      throw new BadConfigurationException(
          AgentEnvironment.CONFIG + " is no agent configuration: " + e.getMessage(), e);
    }
    if (config.handler() == null) {
      throw new BadConfigurationException(AgentEnvironment.CONFIG + " names no handler");
    }
    check("concurrency", config.concurrency(), 1, 64);
    check("taskTimeoutMillis", config.taskTimeoutMillis(), 100, 86_400_000L);
    check("maxAttempts", config.maxAttempts(), 1, 20);
    check("backoffMillis", config.backoffMillis(), 0, 86_400_000L);
    check("maxBackoffMillis", config.maxBackoffMillis(), 0, 86_400_000L);
    check("drainMillis", config.drainMillis(), 0, 86_400_000L);
    check("maxOutputBytes", config.maxOutputBytes(), 1, 10_000_000);
    return config;
  }

  private static void check(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new BadConfigurationException(
          "%s: %s is %d; write %d to %d"
              .formatted(AgentEnvironment.CONFIG, field, value, least, most));
    }
  }

  @Override
  public String toString() {
    return "AgentSettings[" + pod + " of pool " + pool + "]";
  }
}
