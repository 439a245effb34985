package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.TransportException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is taken for NATS and who is not, against a real server with a certificate. */
class NatsTlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration SHORTLY = Duration.ofMillis(500);

  @TempDir static Path keys;
  private static TestAuthority authority;
  private static TestAuthority stranger;
  private static TestAuthority.Identity named;

  @TempDir Path folder;
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private NatsServer server;

  @BeforeAll
  static void makeKeys() throws Exception {
    authority = new TestAuthority(keys, "authority");
    stranger = new TestAuthority(keys, "stranger");
    named = authority.server("dns:localhost");
  }

  @BeforeEach
  void start() throws Exception {
    server = NatsServer.start(folder, named);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private NatsConnection open(String url, @Nullable String trusted, Duration limit)
      throws InterruptedException {
    return NatsConnection.open(
        List.of(url),
        trusted,
        server.accounts().administrator("admin", Clock.systemUTC()),
        "admin",
        limit,
        log::add);
  }

  private String byName() {
    return server.url().replace("127.0.0.1", "localhost");
  }

  @Test
  void aServerWithACertificateForItsNameIsTaken() throws Exception {
    try (NatsConnection connection = open(byName(), authority.certificate(), LIMIT)) {
      assertThat(new NatsTransport(connection).flush(LIMIT)).isTrue();
      assertThat(connection.nats().getOptions().getSslContext()).isNotNull();
    }
    String both = stranger.certificate() + authority.certificate();
    try (NatsConnection connection = open(byName(), both, LIMIT)) {
      assertThat(connection.connected()).isTrue();
    }
  }

  @Test
  void aRenewedCertificateNeedsNothingOfClients() throws Exception {
    String trusted = authority.certificate();
    try (NatsConnection connection = open(byName(), trusted, LIMIT)) {
      server.identify(authority.server("dns:localhost,ip:127.0.0.1"));
      server.reload();
      Awaitility.await("a connection that the first certificate does not allow")
          .ignoreExceptionsInstanceOf(TransportException.class)
          .until(
              () -> {
                open(server.url(), trusted, SHORTLY).close();
                return true;
              });
      assertThat(connection.connected()).isTrue();
      server.kill();
      Awaitility.await().until(() -> !connection.connected());
      server.start();
      Awaitility.await().until(() -> connection.connectedFor().isPositive());
      assertThat(new NatsTransport(connection).flush(LIMIT)).isTrue();
    }
  }

  @Test
  void anotherAuthorityIsRefusedAndTheLogSaysWhyOnce() throws Exception {
    String trusted = stranger.certificate();
    assertThatThrownBy(() -> open(byName(), trusted, SHORTLY))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("PKIX path");
    assertThat(log).filteredOn(line -> line.contains("PKIX path")).hasSize(1);
    assertThatThrownBy(() -> open(byName(), null, SHORTLY))
        .as("by the trust store of the JDK")
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("PKIX path");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    String trusted = authority.certificate();
    assertThatThrownBy(() -> open(server.url(), trusted, SHORTLY))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
    server.kill();
    server.identify(authority.server("dns:elsewhere,ip:127.0.0.1"));
    server.start();
    assertThatThrownBy(() -> open(byName(), trusted, SHORTLY))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("No subject alternative DNS name matching localhost");
    try (NatsConnection connection = open(server.url(), trusted, LIMIT)) {
      assertThat(connection.connected()).isTrue();
    }
  }

  @Test
  void neitherSideGoesOnWithoutTls() throws Exception {
    String plain = byName().replace("tls:", "nats:");
    assertThatThrownBy(() -> open(plain, null, SHORTLY))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("SSL required by server");
    String trusted = authority.certificate();
    server.kill();
    server.identify(null);
    server.start();
    for (String url : List.of(server.url(), server.url().replace("nats:", "tls:"))) {
      assertThatThrownBy(() -> open(url, trusted, SHORTLY))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("SSL connection wanted by client");
    }
  }

  @Test
  void renewedCredentialsComeWithAConnectionThatIsAsSafe() throws Exception {
    try (NatsConnection connection = open(byName(), authority.certificate(), LIMIT)) {
      connection.renew(server.accounts().administrator("admin", Clock.systemUTC()));
      Awaitility.await().until(() -> connection.connectedFor().isPositive());
      assertThat(new NatsTransport(connection).flush(LIMIT)).isTrue();
    }
  }

  @Test
  void aServerThatHangsIsNoticed() throws Exception {
    try (NatsConnection connection = open(byName(), authority.certificate(), LIMIT)) {
      server.freeze();
      Awaitility.await().until(() -> !connection.connected());
      server.thaw();
      Awaitility.await().until(() -> connection.connectedFor().isPositive());
    }
  }

  @Test
  void whatIsNoCertificateIsRefusedByName() {
    for (String text : List.of("", "-----BEGIN CERTIFICATE-----\nnothing\n", "ca.crt")) {
      assertThatThrownBy(() -> open(byName(), text, LIMIT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("authority of NATS");
    }
  }
}
