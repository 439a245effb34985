package dev.strata.harness;

import java.util.List;

/** How much of a Kubernetes is started. */
public enum Tier {
  /** etcd and kube-apiserver: no garbage collection, no namespace deletion, no scheduling. */
  T1,
  /** Also kube-controller-manager, kube-scheduler and nats-server: real pods can run. */
  T2;

  /** Names of the programs that it needs, see {@link Assets}. */
  public List<String> binaries() {
    return this == T1
        ? List.of("etcd", "kube-apiserver", "kubectl")
        : List.of(
            "etcd",
            "kube-apiserver",
            "kubectl",
            "kube-controller-manager",
            "kube-scheduler",
            "nats-server");
  }
}
