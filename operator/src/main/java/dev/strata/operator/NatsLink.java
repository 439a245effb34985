package dev.strata.operator;

import dev.strata.protocol.nats.NatsAccounts;
import dev.strata.protocol.nats.NatsConnection;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The operator's connection to NATS, with keys and URL from one Secret.
 *
 * @param connection the connection, as the operator's own user
 * @param accounts what pods' users are minted with
 * @param url what agents connect to
 * @param authority PEM certificates of who vouches for the servers; null: the trust store does
 */
record NatsLink(
    NatsConnection connection, NatsAccounts accounts, String url, @Nullable String authority) {
  private static final Set<String> KEYS = Set.of("account.seed", "operator.jwt", "account.jwt");

  /** Keys of the Secret for servers that the chart installs. */
  private static final String SERVERS_KEYS = "accounts.conf";

  private static final String ROUTES_PASSWORD = "routes.password";
  private static final Logger LOG = Logger.getLogger(NatsLink.class);

  /** Servers of a new installation wait for our keys and may still be pulled. */
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(5);

  /**
   * With the limit for NATS it stays below the six minutes that the chart's startup probe gives.
   */
  private static final Duration API_LIMIT = Duration.ofSeconds(50);

  private static final Duration API_PAUSE = Duration.ofSeconds(1);

  /**
   * Connects.
   *
   * @throws IllegalStateException when the Secret is missing or lacks a key
   * @throws UncheckedIOException when the file with the authority cannot be read
   */
  static NatsLink open(KubernetesClient client, OperatorConfig config, Clock clock) {
    Secret secret = secret(client, config);
    if (secret == null || secret.getData() == null) {
      throw new IllegalStateException(
          "there is no Secret %s/%s with the NATS keys and the key url; the chart makes it, or name another one in STRATA_NATS_SECRET"
              .formatted(config.namespace(), config.natsSecret()));
    }
    Map<String, byte[]> data = decoded(secret);
    byte[] url = data.get("url");
    if (url == null) {
      throw new IllegalStateException(
          "the Secret "
              + config.natsSecret()
              + " lacks the key url: nats://host:4222, or tls://host:4222");
    }
    if (KEYS.stream().noneMatch(data::containsKey)) {
      data = decoded(withNewKeys(client, secret, clock));
    } else if (data.containsKey(SERVERS_KEYS) && !data.containsKey(ROUTES_PASSWORD)) {
      addPassword(client, secret);
    }
    var accounts = NatsAccounts.fromSecret(data);
    String servers = new String(url, StandardCharsets.UTF_8).strip();
    String authority = authority(data, config);
    return new NatsLink(
        connect(servers, authority, accounts, config, clock), accounts, servers, authority);
  }

  /** The file is of servers that the chart installs, the Secret's key of servers elsewhere. */
  private static @Nullable String authority(Map<String, byte[]> data, OperatorConfig config) {
    Path file = config.natsCaFile().orElse(null);
    if (file == null) {
      byte[] pem = data.get("ca.crt");
      return pem == null ? null : new String(pem, StandardCharsets.UTF_8);
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the authority of NATS in STRATA_NATS_CA_FILE: " + e, e);
    }
  }

  /**
   * Waits for an API server that is away: to end and be started again would only add to its load,
   * and a container that ends often is started ever more seldom.
   */
  private static @Nullable Secret secret(KubernetesClient client, OperatorConfig config) {
    long deadline = System.nanoTime() + API_LIMIT.toNanos();
    while (true) {
      try {
        return client.secrets().inNamespace(config.namespace()).withName(config.natsSecret()).get();
      } catch (KubernetesClientException e) {
        if (!isPassing(e.getCode()) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LOG.infof("waiting for the API server: %s", e.getMessage());
        LockSupport.parkNanos(API_PAUSE.toNanos());
      }
    }
  }

  /** No answer, or that of a server that has just started and has not read the roles yet. */
  private static boolean isPassing(int code) {
    return code == 0
        || code == HttpURLConnection.HTTP_FORBIDDEN
        || code >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /** Its keys with their values as they are meant. */
  static Map<String, byte[]> decoded(Secret secret) {
    return secret.getData().entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> Base64.getDecoder().decode(e.getValue())));
  }

  /**
   * A Secret that knows the servers and no keys is a new installation's: the first operator to come
   * makes them, once. The servers wait for the key accounts.conf, which makes them trust these
   * keys.
   */
  private static Secret withNewKeys(KubernetesClient client, Secret secret, Clock clock) {
    var accounts = NatsAccounts.generate(clock);
    Map<String, String> keys = new HashMap<>(accounts.toSecret());
    keys.put(SERVERS_KEYS, accounts.serverConfiguration());
    keys.put(ROUTES_PASSWORD, newPassword());
    return with(client, secret, keys);
  }

  /** For the servers of an older release, which let each other in unasked. */
  private static void addPassword(KubernetesClient client, Secret secret) {
    try {
      var unused = with(client, secret, Map.of(ROUTES_PASSWORD, newPassword()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      // The servers are not the chart's, and neither is their Secret.
    }
  }

  /** Begins with a letter, as NATS would take digits for a number; goes into a URL as it is. */
  private static String newPassword() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return "r" + HexFormat.of().formatHex(random);
  }

  private static Secret with(KubernetesClient client, Secret secret, Map<String, String> keys) {
    var filled = new SecretBuilder(secret);
    keys.forEach(
        (key, value) ->
            filled.addToData(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    try {
      // The resource version in it makes this fail if another operator was faster.
      Secret written = client.resource(filled.build()).update();
      LOG.infof("made %d keys for NATS in Secret %s", keys.size(), secret.getMetadata().getName());
      return written;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return client.resource(secret).get();
    }
  }

  private static NatsConnection connect(
      String servers,
      @Nullable String authority,
      NatsAccounts accounts,
      OperatorConfig config,
      Clock clock) {
    try {
      return NatsConnection.open(
          List.of(servers.split(",", -1)),
          authority,
          accounts.administrator(config.identity(), clock),
          config.identity(),
          CONNECT_LIMIT,
          LOG::info);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to NATS", e);
    }
  }
}
