package dev.strata.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operator as a child process under the ServiceAccount and the rights that the chart gives it.
 * NATS it finds as in a cluster, through the Secret {@code strata-nats} of its namespace.
 */
public final class OperatorProcess {
  /** Its ServiceAccount in {@link Cluster#SYSTEM_NAMESPACE}. */
  public static final String SERVICE_ACCOUNT = "strata-operator";

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final String name;
  private final int port;
  private final Server server;

  /**
   * Where an operator lives.
   *
   * @param namespace its own
   * @param serviceAccount who it is there
   * @param environment what its pod has in its environment besides its name and namespace
   */
  public record Home(String namespace, String serviceAccount, Map<String, String> environment) {
    /** That of the release that a {@link Cluster} starts with. */
    static final Home USUAL = new Home(Cluster.SYSTEM_NAMESPACE, SERVICE_ACCOUNT, Map.of());

    public Home {
      environment = Map.copyOf(environment);
    }
  }

  /**
   * @param name name of the pod that it takes itself for; different for each of several operators
   * @param jar the Quarkus application's quarkus-run.jar
   * @param options further options of the JVM, such as {@code -Dstrata.x=y}
   */
  OperatorProcess(
      ControlPlane controlPlane, Home home, String name, Path jar, List<String> options) {
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "the operator's " + jar + " is missing; build it: make build");
    }
    this.name = name;
    port = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The first compiler alone starts in half the time, and an operator waits for others anyway.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bouncycastle.native.cpu_variant=java",
            "-Xmx512m",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    Path kubeconfig =
        controlPlane.kubeconfigForServiceAccount(home.namespace(), home.serviceAccount());
    Map<String, String> environment = new HashMap<>(home.environment());
    environment.putAll(
        Map.of(
            "KUBECONFIG",
            kubeconfig.toString(),
            "POD_NAMESPACE",
            home.namespace(),
            "POD_NAME",
            name,
            "PATH",
            "/usr/bin:/bin",
            "LANG",
            "C.UTF-8",
            "HOME",
            controlPlane.data().toString()));
    server =
        new Server(
            name,
            command,
            environment,
            controlPlane.data(),
            controlPlane.logs().resolve(name + ".log"),
            controlPlane.reaper());
  }

  /** Starts it; returns when its readiness check succeeds. */
  public void start() {
    launch();
    awaitReady();
  }

  /** Starts it and does not wait. */
  public void launch() {
    server.start();
  }

  /** Waits until its readiness check succeeds. */
  public void awaitReady() {
    Limits.await(
        READY,
        Duration.ofMillis(50),
        () -> {
          if (!server.isRunning()) {
            throw new IllegalStateException(name + " ended:\n" + server.logTail());
          }
          return isReady();
        },
        () -> name + " is not ready after " + READY.toSeconds() + " s:\n" + server.logTail());
  }

  /** What its readiness check says at this moment. */
  public boolean isReady() {
    var request =
        HttpRequest.newBuilder(URI.create(url() + "/q/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " starts", e);
    }
  }

  /** What it calls itself in the leader lease. */
  public String name() {
    return name;
  }

  /** URL of its HTTP server (health, metrics). */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public boolean isRunning() {
    return server.isRunning();
  }

  /**
   * Whether it has ended.
   *
   * @param evenIfTold also when somebody here ended it
   */
  boolean isGone(boolean evenIfTold) {
    return server.isGone(evenIfTold);
  }

  /** Starts it when {@link #isGone}, in one step; returns whether it was. */
  boolean launchAgain(boolean evenIfTold) {
    return server.startAgain(evenIfTold);
  }

  /** The id of the running or last process. */
  public long pid() {
    return server.pid();
  }

  /** SIGTERM; does not wait. */
  public void terminate() {
    server.terminate();
  }

  /** SIGTERM; returns when it is gone. */
  public void stop() {
    server.stop(GRACE);
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    server.kill();
  }

  /** SIGSTOP. */
  public void freeze() {
    server.freeze();
  }

  /** SIGCONT. */
  public void thaw() {
    server.thaw();
  }

  /** Whether it runs and is ready, and what it said last. */
  String condition() {
    String why = server.whyItDoesNotRun();
    return why.isEmpty()
        ? "%s runs, is %s and said last:%n%s%n"
            .formatted(name, isReady() ? "ready" : "not ready", server.logTail())
        : why;
  }

  public Path log() {
    return server.log();
  }
}
