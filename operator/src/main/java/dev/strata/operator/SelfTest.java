package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What {@code helm test} runs: looks at an installation from inside and changes nothing. Ends with
 * status 1 and a sentence for the first thing that is not as it should be.
 */
public final class SelfTest {
  private static final int NATS_MILLIS = 5000;
  private static final int NATS_PORT = 4222;

  private SelfTest() {}

  /** Takes STRATA_LEASE, STRATA_NATS_URL and POD_NAMESPACE from the environment. */
  public static void main(String[] arguments) {
    // The client's threads would keep the process from ending by itself.
    System.exit(status(System.getenv()));
  }

  private static int status(Map<String, String> environment) {
    String namespace = environment.getOrDefault("POD_NAMESPACE", "default");
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      int pools = client.resources(AgentPool.class).inNamespace(namespace).list().getItems().size();
      String leader = leader(client, namespace, environment.getOrDefault("STRATA_LEASE", ""));
      String nats = nats(environment.getOrDefault("STRATA_NATS_URL", ""));
      System.out.printf(
          "agent pools are served (%d in %s), %s leads, %s answers%n",
          pools, namespace, leader, nats);
      return 0;
    } catch (IllegalStateException | IOException | KubernetesClientException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** An operator that renews its lease is ready: it is the last thing that it starts with. */
  private static String leader(KubernetesClient client, String namespace, String name) {
    Lease lease = client.leases().inNamespace(namespace).withName(name).get();
    if (lease == null || lease.getSpec().getRenewTime() == null) {
      throw new IllegalStateException("no operator has led yet: there is no Lease " + name);
    }
    Duration age = Duration.between(lease.getSpec().getRenewTime().toInstant(), Instant.now());
    if (age.toSeconds() > lease.getSpec().getLeaseDurationSeconds()) {
      throw new IllegalStateException(
          "no operator leads: Lease %s was renewed %d s ago".formatted(name, age.toSeconds()));
    }
    return lease.getSpec().getHolderIdentity();
  }

  /** A NATS server speaks first, whoever comes. */
  private static String nats(String urls) throws IOException {
    URI url = URI.create(urls.split(",", -1)[0].strip());
    try (Socket socket = new Socket()) {
      int port = url.getPort() < 0 ? NATS_PORT : url.getPort();
      socket.connect(new InetSocketAddress(url.getHost(), port), NATS_MILLIS);
      socket.setSoTimeout(NATS_MILLIS);
      String word = new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
      if (!word.equals("INFO")) {
        throw new IllegalStateException("what answers at " + url + " is not NATS: " + word);
      }
    } catch (IOException e) {
      throw new IOException("NATS does not answer at " + url + ": " + e.getMessage(), e);
    }
    return url.toString();
  }
}
