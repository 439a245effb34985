package dev.strata.harness;

import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes control plane of child processes on 127.0.0.1: own certificates, free ports,
 * own folder, so that any number stand side by side. All of it ends with {@link #close}, at the
 * latest with the JVM.
 */
public final class ControlPlane implements AutoCloseable {
  static final String SERVICE_NETWORK = "10.32.0.0/16";
  static final String KUBERNETES_ADDRESS = "10.32.0.1";
  private static final int START_ATTEMPTS = 3;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final ControlPlaneSpec spec;
  private final Path binaries;
  private final ControlPlaneFiles files;
  private final Reaper reaper;
  private final Certificates certificates;
  private final HttpClient probe;
  private final Map<String, Server> servers = new HashMap<>();
  private final Kubeconfigs kubeconfigs;
  private final Path adminKubeconfig;
  private final KubernetesClient client;
  private final PodNetwork network;
  private final String url;
  private final @Nullable NatsServer nats;
  private final Thread atExit;
  private boolean keepLogs;
  private boolean closed;

  /** Starts one; a port that somebody else took in between leads to another attempt. */
  public static ControlPlane start(ControlPlaneSpec spec) {
    Path binaries = Assets.standard().require(spec.tier().binaries());
    for (int attempt = 1; ; attempt++) {
      try {
        return new ControlPlane(spec, binaries);
      } catch (PortTakenException e) {
        if (attempt == START_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static final class PortTakenException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PortTakenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private ControlPlane(ControlPlaneSpec spec, Path binaries) {
    this.spec = spec;
    this.binaries = binaries;
    keepLogs = spec.keepLogs();
    files = new ControlPlaneFiles(spec.parent());
    reaper = new Reaper(files.records(), files.data());
    atExit = new Thread(this::endAll, "end of " + files.folder().getFileName());
    Runtime.getRuntime().addShutdownHook(atExit);
    Programs programs = new Programs(binaries, files.data(), files.logs(), reaper);
    int etcdPort = Ports.free();
    int port = Ports.free();
    url = "https://127.0.0.1:" + port;
    try {
      launch("etcd", programs.etcd(etcdPort, Ports.free()));
      CompletableFuture<@Nullable NatsServer> natsStart =
          CompletableFuture.supplyAsync(this::launchNats);
      certificates = ControlPlaneFiles.newAuthority();
      files.writeServerCertificates(certificates);
      launch("kube-apiserver", programs.apiServer(port, etcdPort, spec.apiServerFlags()));
      kubeconfigs = new Kubeconfigs(files.data(), url, certificates.authority());
      Certificates.Identity admin = certificates.client("admin", List.of("system:masters"));
      adminKubeconfig = kubeconfigs.withCertificate("admin", admin);
      probe =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(Tls.context(certificates.authority(), admin))
              .connectTimeout(Duration.ofSeconds(2))
              .build();
      client = newClient(adminKubeconfig);
      network = new PodNetwork(reaper);
      var controllers =
          new Path[] {kubeconfig("kube-controller-manager"), kubeconfig("kube-scheduler")};
      awaitApiServer();
      nats = natsStart.join();
      startControllers(programs, controllers[0], controllers[1]);
    } catch (RuntimeException e) {
      keepLogs = true;
      String taken = portTaken();
      close();
      if (!taken.isEmpty()) {
        throw new PortTakenException(taken, e);
      }
      throw new IllegalStateException(
          "the control plane did not start; its logs are in " + files.logs(), e);
    }
  }

  private void launch(String name, Server server) {
    servers.put(name, server);
    server.start();
  }

  private Path kubeconfig(String component) {
    String user = "system:" + component;
    return kubeconfigs.withCertificate(component, certificates.client(user, List.of()));
  }

  private @Nullable NatsServer launchNats() {
    if (spec.tier() == Tier.T1) {
      return null;
    }
    NatsServer server =
        new NatsServer(
            binaries.resolve("nats-server"),
            Ports.free(),
            NatsAccounts.generate(Clock.systemUTC()),
            files.data(),
            files.logs().resolve("nats-server.log"),
            reaper);
    server.launch();
    return server;
  }

  private void startControllers(Programs programs, Path managerConfig, Path schedulerConfig) {
    Path crds = spec.crds();
    if (crds != null) {
      new ChartInstaller(client).applyCrds(crds);
    }
    if (nats == null) {
      makeServiceAccount("default");
      return;
    }
    launch(
        "kube-controller-manager",
        programs.controllerManager(
            managerConfig, spec.nodeMonitorGrace(), spec.controllerManagerFlags()));
    launch("kube-scheduler", programs.scheduler(schedulerConfig));
    nats.awaitReady();
    createNamespace(Cluster.SYSTEM_NAMESPACE);
    Map<String, String> secret = new HashMap<>(nats.accounts().toSecret());
    secret.put("url", nats.url());
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("strata-nats")
                .withNamespace(Cluster.SYSTEM_NAMESPACE)
                .endMetadata()
                .withStringData(secret)
                .build())
        .create();
  }

  private String portTaken() {
    for (Server server : servers.values()) {
      if (!server.isRunning() && server.logTail().contains("address already in use")) {
        return "another process took a port of " + server + " in between";
      }
    }
    return "";
  }

  /** A namespace that pods can be created in. */
  public void createNamespace(String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    if (spec.tier() == Tier.T1) {
      makeServiceAccount(name);
    } else {
      Limits.await(
          Duration.ofSeconds(20),
          Duration.ofMillis(10),
          () -> client.serviceAccounts().inNamespace(name).withName("default").get() != null,
          () -> "kube-controller-manager makes no ServiceAccount in namespace " + name);
    }
  }

  private void makeServiceAccount(String namespace) {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
  }

  /** SIGKILL to the API server; returns when it is gone. */
  public void stopApiServer() {
    server("kube-apiserver").kill();
  }

  /**
   * Kills the API server if it runs and starts it on the same port and data; returns when ready.
   */
  public void restartApiServer() {
    stopApiServer();
    server("kube-apiserver").start();
    awaitApiServer();
  }

  private void awaitApiServer() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(Duration.ofSeconds(5)).build();
    Limits.await(
        START_LIMIT,
        Duration.ofMillis(25),
        () -> {
          for (String name : List.of("etcd", "kube-apiserver")) {
            if (!server(name).isRunning()) {
              throw new IllegalStateException(name + " ended:\n" + server(name).logTail());
            }
          }
          try {
            return probe.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
          } catch (IOException e) {
            return false;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API server starts", e);
          }
        },
        () -> "kube-apiserver is not ready:\n" + server("kube-apiserver").logTail());
  }

  /**
   * One of etcd, kube-apiserver, kube-controller-manager, kube-scheduler: to be ended or frozen.
   */
  public Server server(String name) {
    Server server = servers.get(name);
    if (server == null) {
      throw new IllegalArgumentException(
          "this control plane has no " + name + ", only " + servers.keySet());
    }
    return server;
  }

  /** Of tier T2. */
  public NatsServer nats() {
    if (nats == null) {
      throw new IllegalStateException("tier T1 has no nats-server; start tier T2");
    }
    return nats;
  }

  public Tier tier() {
    return spec.tier();
  }

  /** An administrator's client; ends with the control plane. */
  public KubernetesClient client() {
    return client;
  }

  /** A client for a kubeconfig file, with request limits that do not bind; the caller closes it. */
  public static KubernetesClient newClient(Path kubeconfig) {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
            .withMaxConcurrentRequests(1000)
            .withMaxConcurrentRequestsPerHost(1000)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Kubeconfig file of an administrator. */
  public Path kubeconfig() {
    return adminKubeconfig;
  }

  /** Kubeconfig file of a user with these groups (client certificate). */
  public Path kubeconfigFor(String file, String user, List<String> groups) {
    return kubeconfigs.withCertificate(file, certificates.client(user, groups));
  }

  /** Kubeconfig file of a ServiceAccount, with a token that is good for a day. */
  public Path kubeconfigForServiceAccount(String namespace, String name) {
    var request =
        new io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(86_400L)
            .endSpec()
            .build();
    var token =
        client.serviceAccounts().inNamespace(namespace).withName(name).tokenRequest(request);
    return kubeconfigs.withToken(namespace + "-" + name, token.getStatus().getToken());
  }

  /** URL of the API server. */
  public String url() {
    return url;
  }

  /** What a node needs to speak to the API server as itself. */
  public javax.net.ssl.SSLContext nodeTls(String node) {
    return Tls.context(
        certificates.authority(),
        certificates.client("system:node:" + node, List.of("system:nodes")));
  }

  /** Addresses for pods. */
  public PodNetwork network() {
    return network;
  }

  /** Folder with the logs of all programs and pods. */
  public Path logs() {
    return files.logs();
  }

  /** Folder for everything that goes when the control plane goes. */
  public Path data() {
    return files.data();
  }

  /** The folder with kubectl and its like. */
  public Path binaries() {
    return binaries;
  }

  /** All writes so far. */
  public AuditLog audit() {
    return new AuditLog(files.logs().resolve("audit.log"));
  }

  /**
   * Starts a program that ends with the control plane.
   *
   * @param environment the whole environment
   * @param log gets both output streams, appended
   */
  public Child startChild(
      String name, List<String> command, Map<String, String> environment, Path folder, Path log)
      throws IOException {
    return Child.start(name, command, environment, folder, log, reaper);
  }

  Reaper reaper() {
    return reaper;
  }

  /** Keeps the logs after the end, as after a failed test. */
  public void keepLogs() {
    keepLogs = true;
  }

  /** Ends all programs, removes the data, and the logs too unless they are to be kept. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // The JVM is ending and runs the hook at this moment; the work is done.
    }
  }

  // The fields are unset when the constructor failed half-way.
  @SuppressWarnings({"NullAway", "ConstantValue"})
  private synchronized void endAll() {
    if (closed) {
      return;
    }
    closed = true;
    if (client != null) {
      client.close();
    }
    servers.values().parallelStream().forEach(Server::kill);
    if (nats != null) {
      nats.kill();
    }
    if (network != null) {
      network.close();
    }
    reaper.close();
    files.remove(keepLogs);
  }
}
