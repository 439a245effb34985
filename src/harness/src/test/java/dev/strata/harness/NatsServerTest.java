package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsAccounts;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

@ControlPlaneTest(tier = Tier.T2, nodes = 1)
class NatsServerTest {

  @Test
  @SuppressWarnings("try") // an interrupt during close fails the test, as it should
  void aKilledServerComesBackWithItsStore(TestNamespace ns)
      throws IOException, InterruptedException, JetStreamApiException {
    NatsServer nats = ns.controlPlane().nats();
    try (Connection connection = connect(nats)) {
      connection
          .jetStreamManagement()
          .addStream(StreamConfiguration.builder().name("KEPT").subjects("kept.>").build());
      connection.jetStream().publish("kept.one", "1".getBytes(StandardCharsets.UTF_8));
    }
    nats.kill();
    nats.start();
    try (Connection connection = connect(nats)) {
      assertThat(
              connection.jetStreamManagement().getStreamInfo("KEPT").getStreamState().getMsgCount())
          .isEqualTo(1);
    }
  }

  private static Connection connect(NatsServer nats) throws IOException, InterruptedException {
    Credentials user = nats.accounts().administrator("test", Clock.systemUTC());
    return Nats.connect(
        Options.builder()
            .server(nats.url())
            .authHandler(new dev.strata.protocol.nats.SeedAuth(user))
            .build());
  }

  @Test
  void theSecretHoldsUrlAndKeys(TestNamespace ns) {
    Map<String, byte[]> data = new HashMap<>();
    ns.client()
        .secrets()
        .inNamespace(Cluster.SYSTEM_NAMESPACE)
        .withName("strata-nats")
        .get()
        .getData()
        .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
    NatsServer nats = ns.controlPlane().nats();
    assertThat(new String(data.get("url"), StandardCharsets.UTF_8)).isEqualTo(nats.url());
    assertThat(NatsAccounts.fromSecret(data)).isEqualTo(nats.accounts());
  }
}
