package dev.strata.harness;

import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
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
  private static final List<String> CONTROLLERS =
      List.of("kube-controller-manager", "kube-scheduler");

  private final ControlPlaneSpec spec;
  private final Path binaries;
  private final ControlPlaneFiles files;
  private final Reaper reaper;
  private final ApiServerProbe probe;
  private final Map<String, Server> servers = new HashMap<>();
  private final Identities identities;
  private final KubernetesClient client;
  private final Namespaces namespaces;
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
      Certificates certificates = ControlPlaneFiles.newAuthority();
      files.writeServerCertificates(certificates);
      launch("kube-apiserver", programs.apiServer(port, etcdPort, spec.apiServerFlags()));
      identities = new Identities(certificates, files.data(), url);
      probe = new ApiServerProbe(url, identities.adminTls());
      client = newClient(identities.adminKubeconfig());
      namespaces = new Namespaces(client, spec.tier());
      network = new PodNetwork(reaper);
      Path manager = identities.component("kube-controller-manager");
      Path scheduler = identities.component("kube-scheduler");
      probe.await(server("etcd"), server("kube-apiserver"));
      nats = natsStart.join();
      startControllers(programs, manager, scheduler);
    } catch (RuntimeException e) {
      keepLogs = true;
      boolean portTaken = servers.values().stream().anyMatch(PortTakenException::isReasonOf);
      close();
      if (portTaken) {
        throw new PortTakenException(e);
      }
      throw new IllegalStateException(
          "the control plane did not start; its logs are in " + files.logs(), e);
    }
  }

  private void launch(String name, Server server) {
    servers.put(name, server);
    server.start();
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
            spec.natsTls(),
            files.data(),
            files.logs().resolve("nats-server.log"),
            reaper);
    server.launch();
    return server;
  }

  private void startControllers(Programs programs, Path managerConfig, Path schedulerConfig) {
    if (spec.crds() != null) {
      new ChartInstaller(client).applyCrds(spec.crds());
    }
    if (nats == null) {
      namespaces.makeServiceAccount("default");
      return;
    }
    launch(
        "kube-controller-manager",
        programs.controllerManager(
            managerConfig, spec.nodeMonitorGrace(), spec.controllerManagerFlags()));
    launch("kube-scheduler", programs.scheduler(schedulerConfig));
    nats.awaitReady();
    createNamespace(Cluster.SYSTEM_NAMESPACE);
    namespaces.createNatsSecret(Cluster.SYSTEM_NAMESPACE, nats);
  }

  /** A namespace that pods can be created in. */
  public void createNamespace(String name) {
    namespaces.create(name);
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
    probe.await(server("etcd"), server("kube-apiserver"));
  }

  /**
   * Kills and starts the controllers and the scheduler, as a cluster does that elects their
   * leaders: those that could not renew their lease end and are started again. The ones here have
   * no lease, and would wait up to a minute between their attempts at an API server that was away.
   */
  public void restartControllers() {
    for (String name : CONTROLLERS) {
      server(name).kill();
      server(name).start();
    }
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
    return identities.adminKubeconfig();
  }

  /** Kubeconfig file of a user with these groups (client certificate). */
  public Path kubeconfigFor(String file, String user, List<String> groups) {
    return identities.user(file, user, groups);
  }

  /** Kubeconfig file of a ServiceAccount, with a token that is good for a day. */
  public Path kubeconfigForServiceAccount(String namespace, String name) {
    return identities.serviceAccount(client, namespace, name);
  }

  /** URL of the API server. */
  public String url() {
    return url;
  }

  /** What a node needs to speak to the API server as itself. */
  public SSLContext nodeTls(String node) {
    return identities.node(node);
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

  /** A line for each program that does not run, with what it said last. */
  String whatDoesNotRun() {
    StringBuilder said = new StringBuilder();
    servers.values().forEach(server -> said.append(server.whyItDoesNotRun()));
    if (nats != null) {
      said.append(nats.whyItDoesNotRun());
    }
    return said.toString();
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
    if (probe != null) {
      probe.close();
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
