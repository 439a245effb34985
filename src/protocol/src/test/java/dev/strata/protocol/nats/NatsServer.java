package dev.strata.protocol.nats;

import dev.strata.protocol.WorkAdmin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A nats-server in operator mode for tests: started, killed and restarted on its store. */
public final class NatsServer implements AutoCloseable {
  private final Path binary;
  private final Path folder;
  private final int port;
  private final NatsAccounts accounts;
  private final String cluster;
  private final String limit;
  private TestAuthority.@Nullable Identity identity;
  private Process process;

  private NatsServer(
      Path binary,
      Path folder,
      int port,
      NatsAccounts accounts,
      String cluster,
      String limit,
      TestAuthority.@Nullable Identity identity) {
    this.binary = binary;
    this.folder = folder;
    this.port = port;
    this.accounts = accounts;
    this.cluster = cluster;
    this.limit = limit;
    this.identity = identity;
  }

  /** Starts one in the folder; aborts the test when there is no binary, and fails in CI. */
  public static NatsServer start(Path folder) throws IOException {
    return start(folder, null);
  }

  /** Starts one that speaks TLS if it is given a certificate. */
  static NatsServer start(Path folder, TestAuthority.@Nullable Identity identity)
      throws IOException {
    var server =
        new NatsServer(
            needed(),
            folder,
            freePort(),
            NatsAccounts.generate(Clock.systemUTC()),
            "",
            "",
            identity);
    server.start();
    return server;
  }

  /** Starts one that stores no more than this, such as 1GiB. */
  static NatsServer startWithRoomFor(String bytes, Path folder) throws IOException {
    var server =
        new NatsServer(
            needed(),
            folder,
            freePort(),
            NatsAccounts.generate(Clock.systemUTC()),
            "",
            ", max_file_store: " + bytes,
            null);
    server.start();
    return server;
  }

  /** Starts three that keep streams together, each in a folder of its own. */
  static List<NatsServer> startThree(Path folder) throws IOException {
    Path binary = needed();
    NatsAccounts accounts = NatsAccounts.generate(Clock.systemUTC());
    List<Integer> ports = List.of(freePort(), freePort(), freePort());
    String routes =
        ports.stream()
            .map(port -> "\"nats://127.0.0.1:%d\"".formatted(port))
            .collect(Collectors.joining(", "));
    var servers = new ArrayList<NatsServer>();
    for (int port : ports) {
      String name = "server-" + servers.size();
      String cluster =
          """
          server_name: %s
          cluster { name: three, listen: "127.0.0.1:%d", routes: [%s] }
          """
              .formatted(name, port, routes);
      Path own = Files.createDirectory(folder.resolve(name));
      var server = new NatsServer(binary, own, freePort(), accounts, cluster, "", null);
      servers.add(server);
      server.start();
    }
    return servers;
  }

  private static Path needed() {
    Optional<Path> binary = binary();
    if (binary.isEmpty()) {
      String reason =
          "no nats-server in " + assets() + "; fill the folder or set STRATA_ASSETS to another one";
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(reason);
      }
      Assumptions.abort(reason);
    }
    return binary.orElseThrow();
  }

  /** The nats-server of the asset folder, if it is there. */
  public static Optional<Path> binary() {
    Path path = assets().resolve("nats-server");
    return Files.isExecutable(path) ? Optional.of(path) : Optional.empty();
  }

  private static Path assets() {
    String assets = System.getenv("STRATA_ASSETS");
    return assets == null
        ? Path.of(System.getProperty("user.home"), ".cache", "strata", "assets")
        : Path.of(assets);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it again on its store, on the same port. */
  public void start() throws IOException {
    Path configuration = configure();
    process =
        new ProcessBuilder(binary.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("nats.log").toFile()))
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(this::accepts);
  }

  private Path configure() throws IOException {
    Path configuration = folder.resolve("nats.conf");
    Files.writeString(
        configuration,
        accounts.serverConfiguration()
            + "jetstream { store_dir: \""
            + folder.resolve("store")
            + "\""
            + limit
            + " }\nlisten: \"127.0.0.1:"
            + port
            + "\"\n"
            + cluster
            + tls());
    return configuration;
  }

  private String tls() throws IOException {
    if (identity == null) {
      return "";
    }
    Path certificate = folder.resolve("tls.crt");
    Path key = folder.resolve("tls.key");
    Files.writeString(certificate, identity.certificate());
    Files.writeString(key, identity.key());
    return "tls { cert_file: \"" + certificate + "\", key_file: \"" + key + "\" }\n";
  }

  /** Another certificate, or none, from the next start or {@link #reload} on. */
  void identify(TestAuthority.@Nullable Identity other) {
    identity = other;
  }

  /** Has it read its configuration anew. */
  void reload() throws IOException, InterruptedException {
    configure();
    signal("-HUP");
  }

  /** Stops it as it is: connections stay open, nothing moves. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Ends {@link #freeze}. */
  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", name, String.valueOf(process.pid())).start();
    if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("kill " + name + " failed");
    }
  }

  private boolean accepts() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it as a crash does. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public NatsAccounts accounts() {
    return accounts;
  }

  public String url() {
    return (identity == null ? "nats" : "tls") + "://127.0.0.1:" + port;
  }

  /** A connection with all rights. */
  public NatsConnection administrator() throws InterruptedException {
    return connect(accounts.administrator("admin", Clock.systemUTC()), "admin");
  }

  /** A connection with the rights of one pod. */
  public NatsConnection agent(String pool, String pod) throws InterruptedException {
    return connect(accounts.agent(pool, pod, Duration.ofHours(1), Clock.systemUTC()), pod);
  }

  /** A connection with the rights of somebody who hands in work. */
  public NatsConnection submitter(String pool, String name) throws InterruptedException {
    Credentials user = accounts.submitter(pool, name, Duration.ofDays(1), Clock.systemUTC());
    return connect(Credentials.parse(user.asFile()), user.name());
  }

  private NatsConnection connect(Credentials credentials, String name) throws InterruptedException {
    return NatsConnection.open(
        List.of(url()), credentials, name, Duration.ofSeconds(5), line -> {});
  }

  /** Makes the streams of a pool. */
  public void ensurePool(String pool, WorkAdmin.Limits limits) throws InterruptedException {
    try (NatsConnection connection = administrator()) {
      new NatsWorkAdmin(connection).ensurePool(pool, "agents", limits);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
