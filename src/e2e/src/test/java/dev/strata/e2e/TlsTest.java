package dev.strata.e2e;

import static dev.strata.e2e.Event.natsIsRestarted;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.harness.Cluster;
import dev.strata.harness.ClusterSpec;
import dev.strata.harness.ControlPlaneSpec;
import dev.strata.harness.OperatorProcess;
import dev.strata.harness.Tier;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.nats.NatsConnection;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster in which NATS is spoken to over TLS only. */
final class TlsTest {
  private static final Duration SHORTLY = Duration.ofMillis(500);

  @Test
  void operatorAndAgentsSpeakTlsWithNats() throws Exception {
    try (Cluster cluster =
            Cluster.start(
                ClusterSpec.standard()
                    .withNodes(1)
                    .withControlPlane(ControlPlaneSpec.of(Tier.T2).withNatsTls()));
        Story story = new Story(cluster, "guarded")) {
      story.given(pool("first").replicas(1).warm(1));
      story.tasks("first").answers("over tls", "over tls");
      assertThatThrownBy(() -> withoutTls(cluster))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("SSL required by server");

      story.when(natsIsRestarted());
      eventually(
          PATIENCE, () -> assertThat(story.tasks("first").connection().connected()).isTrue());
      story.tasks("first").answers("after a restart", "after a restart");

      cluster.operator().stop();
      OperatorProcess other =
          cluster.anotherOperator(
              "strata-operator-1", "-Dstrata.nats-ca-file=" + authorityOfTheSecretAsFile(cluster));
      other.start();
      story.applied(pool("second").replicas(1));
      story.then(thePool("second")).isReady(1);
      story.tasks("second").answers("by the file", "by the file");
      other.stop();
    }
  }

  private static void withoutTls(Cluster cluster) throws InterruptedException {
    NatsConnection.open(
            List.of(cluster.natsUrl().replace("tls:", "nats:")),
            cluster.accounts().administrator("e2e", Clock.systemUTC()),
            "e2e",
            SHORTLY,
            line -> {})
        .close();
  }

  /** As where the chart installs the servers: the Secret with the URL has no certificate. */
  private static Path authorityOfTheSecretAsFile(Cluster cluster) throws IOException {
    cluster
        .client()
        .secrets()
        .inNamespace(Cluster.SYSTEM_NAMESPACE)
        .withName("strata-nats")
        .edit(
            secret -> {
              Secret without = secret.edit().build();
              without.getData().remove("ca.crt");
              return without;
            });
    return Files.writeString(
        cluster.controlPlane().data().resolve("nats-ca.crt"),
        String.valueOf(cluster.nats().authority()));
  }
}
