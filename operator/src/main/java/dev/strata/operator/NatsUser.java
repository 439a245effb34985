package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a NATS user for a program that hands tasks to one pool, and prints its credentials. Run by
 * an administrator in the operator's container, whose rights it uses; it stores nothing.
 */
public final class NatsUser {
  private static final String USAGE =
      "write NAMESPACE/POOL NAME [DAYS]: a pool, a name of letters, digits, - and _ of at most 60, and for"
          + " how many days it is good, 1 to 365 (30)";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,60}");
  private static final Pattern POOL = Pattern.compile("[a-z0-9-]+/[a-z0-9.-]+");
  private static final Pattern DAYS = Pattern.compile("[0-9]{1,3}");
  private static final int USUAL_DAYS = 30;
  private static final int MOST_DAYS = 365;

  private NatsUser() {}

  /** Takes STRATA_NATS_SECRET and POD_NAMESPACE from the environment. */
  public static void main(String[] arguments) {
    // The client's threads would keep the process from ending by itself.
    System.exit(status(arguments, System.getenv()));
  }

  private static int status(String[] arguments, Map<String, String> environment) {
    try {
      Wish wish = Wish.of(arguments);
      try (KubernetesClient client = new KubernetesClientBuilder().build()) {
        System.out.print(credentials(client, wish, environment).asFile());
      }
      return 0;
    } catch (IllegalArgumentException | IllegalStateException | KubernetesClientException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private static Credentials credentials(
      KubernetesClient client, Wish wish, Map<String, String> environment) {
    AgentPool pool =
        client.resources(AgentPool.class).inNamespace(wish.namespace()).withName(wish.pool()).get();
    if (pool == null) {
      throw new IllegalStateException(
          "there is no pool %s in %s".formatted(wish.pool(), wish.namespace()));
    }
    String name = environment.getOrDefault("STRATA_NATS_SECRET", "");
    String namespace = environment.getOrDefault("POD_NAMESPACE", "");
    if (name.isEmpty() || namespace.isEmpty()) {
      throw new IllegalStateException(
          "STRATA_NATS_SECRET or POD_NAMESPACE is not set; run this in the operator's container");
    }
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null || secret.getData() == null) {
      throw new IllegalStateException(
          "there is no Secret %s/%s with the NATS keys".formatted(namespace, name));
    }
    return NatsAccounts.fromSecret(NatsLink.decoded(secret))
        .submitter(pool.getMetadata().getUid(), wish.name(), wish.validity(), Clock.systemUTC());
  }

  /** What is asked for. */
  record Wish(String namespace, String pool, String name, Duration validity) {
    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException that says what to write
     */
    static Wish of(String... arguments) {
      boolean readable =
          (arguments.length == 2 || arguments.length == 3)
              && POOL.matcher(arguments[0]).matches()
              && NAME.matcher(arguments[1]).matches()
              && (arguments.length == 2 || DAYS.matcher(arguments[2]).matches());
      int days = readable && arguments.length == 3 ? Integer.parseInt(arguments[2]) : USUAL_DAYS;
      if (!readable || days < 1 || days > MOST_DAYS) {
        throw new IllegalArgumentException(USAGE);
      }
      String[] pool = arguments[0].split("/", 2);
      return new Wish(pool[0], pool[1], arguments[1], Duration.ofDays(days));
    }
  }
}
