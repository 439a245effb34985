package dev.strata.harness;

import java.util.Arrays;
import java.util.List;

/** The programs that the harness starts, in the versions that are tested together. */
enum Binary {
  ETCD("etcd", "3.6.8", "go.etcd.io/etcd/server/v3"),
  KUBE_APISERVER("kube-apiserver", Binary.KUBERNETES, "k8s.io/kubernetes"),
  KUBE_CONTROLLER_MANAGER("kube-controller-manager", Binary.KUBERNETES, "k8s.io/kubernetes"),
  KUBE_SCHEDULER("kube-scheduler", Binary.KUBERNETES, "k8s.io/kubernetes"),
  KUBECTL("kubectl", Binary.KUBERNETES, "k8s.io/kubernetes"),
  NATS_SERVER("nats-server", "2.15.3", "github.com/nats-io/nats-server/v2"),
  KUBELET("kubelet", Binary.KUBERNETES, "k8s.io/kubernetes"),
  KUBEADM("kubeadm", Binary.KUBERNETES, "k8s.io/kubernetes"),
  KUBE_PROXY("kube-proxy", Binary.KUBERNETES, "k8s.io/kubernetes"),
  COREDNS("coredns", "1.14.2", "github.com/coredns/coredns"),
  KIND("kind", "0.33.0", "sigs.k8s.io/kind"),
  HELM("helm", "3.22.0", "helm.sh/helm/v3");

  static final String KUBERNETES = "1.36.3";

  private final String program;
  private final String version;
  private final String module;

  Binary(String program, String version, String module) {
    this.program = program;
    this.version = version;
    this.module = module;
  }

  static Binary named(String program) {
    return Arrays.stream(values())
        .filter(binary -> binary.program.equals(program))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown program " + program));
  }

  String program() {
    return program;
  }

  String version() {
    return version;
  }

  /** The Go module that holds it. */
  String module() {
    return module;
  }

  /** The programs that only a Kind cluster needs. */
  boolean onlyForKind() {
    return compareTo(KUBELET) >= 0;
  }

  /** Arguments with which it prints its version. */
  List<String> versionArguments() {
    return switch (this) {
      case KUBECTL -> List.of("version", "--client");
      case KUBEADM, KIND, HELM -> List.of("version");
      case COREDNS -> List.of("-version");
      default -> List.of("--version");
    };
  }
}
