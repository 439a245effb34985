package dev.strata.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command lines of a control plane's programs. */
final class Programs {
  private final Path binaries;
  private final Path data;
  private final Path logs;
  private final Reaper reaper;

  Programs(Path binaries, Path data, Path logs, Reaper reaper) {
    this.binaries = binaries;
    this.data = data;
    this.logs = logs;
    this.reaper = reaper;
  }

  /** No fsync: what a killed process wrote is in the page cache, and machines do not crash here. */
  Server etcd(int port, int peerPort) {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    return server(
        "etcd",
        List.of(
            "--data-dir=" + data.resolve("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer,
            "--unsafe-no-fsync",
            "--log-level=warn"));
  }

  Server apiServer(int port, int etcdPort, List<String> further) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + data,
                "--tls-cert-file=" + data.resolve("api.crt"),
                "--tls-private-key-file=" + data.resolve("api.key"),
                "--client-ca-file=" + data.resolve("ca.crt"),
                "--service-account-key-file=" + data.resolve("sa.crt"),
                "--service-account-signing-key-file=" + data.resolve("sa.key"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-cluster-ip-range=" + ControlPlane.SERVICE_NETWORK,
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                "--allow-privileged=true",
                "--enable-aggregator-routing=false",
                "--endpoint-reconciler-type=none",
                "--profiling=false",
                "--audit-policy-file=" + data.resolve("audit-policy.yaml"),
                "--audit-log-path=" + logs.resolve("audit.log"),
                "--audit-log-maxsize=100000"));
    flags.addAll(further);
    return server("kube-apiserver", flags);
  }

  Server controllerManager(Path kubeconfig, Duration grace, List<String> further) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--secure-port=0",
                "--service-account-private-key-file=" + data.resolve("sa.key"),
                "--root-ca-file=" + data.resolve("ca.crt"),
                "--use-service-account-credentials=true",
                "--kube-api-qps=300",
                "--kube-api-burst=600",
                "--node-monitor-period=1s",
                "--node-monitor-grace-period=" + grace.toMillis() + "ms",
                "--profiling=false"));
    flags.addAll(further);
    return server("kube-controller-manager", flags);
  }

  Server scheduler(Path kubeconfig) {
    return server(
        "kube-scheduler",
        List.of(
            "--kubeconfig=" + kubeconfig,
            "--authentication-kubeconfig=" + kubeconfig,
            "--authorization-kubeconfig=" + kubeconfig,
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=300",
            "--kube-api-burst=600",
            "--profiling=false"));
  }

  private Server server(String program, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve(program).toString());
    command.addAll(flags);
    return new Server(program, command, Map.of(), data, logs.resolve(program + ".log"), reaper);
  }
}
