package dev.strata.harness;

import dev.strata.protocol.nats.NatsAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A nats-server with JetStream in operator mode, as the chart runs it: it trusts the keys of {@link
 * #accounts} only. Killed and started again it has its store and its port.
 */
public final class NatsServer {
  private final Server server;
  private final int port;
  private final NatsAccounts accounts;
  private final @Nullable String authority;

  /**
   * @param tls whether it speaks TLS, with a certificate of an authority of its own
   */
  NatsServer(
      Path program,
      int port,
      NatsAccounts accounts,
      boolean tls,
      Path data,
      Path log,
      Reaper reaper) {
    this.port = port;
    this.accounts = accounts;
    authority = tls ? identify(data) : null;
    Path configuration = data.resolve("nats.conf");
    try {
      Files.writeString(
          configuration,
          """
          listen: "127.0.0.1:%d"
          server_name: strata
          jetstream { store_dir: "%s" }
          %s
          %s
          """
              .formatted(
                  port,
                  data.resolve("nats"),
                  tls ? "tls { cert_file: \"nats.crt\", key_file: \"nats.key\" }" : "",
                  accounts.serverConfiguration()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server =
        new Server(
            "nats-server",
            List.of(program.toString(), "-c", configuration.toString()),
            Map.of(),
            data,
            log,
            reaper);
  }

  /** Gives it a certificate; returns that of the authority. */
  private static String identify(Path data) {
    Certificates certificates = ControlPlaneFiles.newAuthority();
    Certificates.write(data, "nats", certificates.server("nats-server", List.of("127.0.0.1")));
    return certificates.authority();
  }

  /** What clients connect to. */
  public String url() {
    return (authority == null ? "nats" : "tls") + "://127.0.0.1:" + port;
  }

  /** The certificate, PEM, of the authority that vouches for it; null when it speaks no TLS. */
  public @Nullable String authority() {
    return authority;
  }

  /** The keys with which users are minted. */
  public NatsAccounts accounts() {
    return accounts;
  }

  /** Starts it on its store and port; returns when it accepts connections. */
  public void start() {
    launch();
    awaitReady();
  }

  void launch() {
    server.start();
  }

  void awaitReady() {
    Limits.await(
        Duration.ofSeconds(10),
        Duration.ofMillis(10),
        this::accepts,
        () -> "nats-server does not listen on port " + port + ":\n" + server.logTail());
  }

  boolean isRunning() {
    return server.isRunning();
  }

  private boolean accepts() {
    if (!server.isRunning()) {
      return false;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    server.kill();
  }

  /** SIGTERM; returns when it is gone. */
  public void stop() {
    server.stop(Duration.ofSeconds(5));
  }

  /** SIGSTOP: connections stay open, nothing moves. */
  public void freeze() {
    server.freeze();
  }

  /** Ends {@link #freeze}. */
  public void thaw() {
    server.thaw();
  }

  String whyItDoesNotRun() {
    return server.whyItDoesNotRun();
  }

  public Path log() {
    return server.log();
  }
}
