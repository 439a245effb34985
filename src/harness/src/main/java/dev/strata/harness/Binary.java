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
  NATS_SERVER("nats-server", "2.15.1", "github.com/nats-io/nats-server/v2");

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

  /** Arguments with which it prints its version. */
  List<String> versionArguments() {
    return this == KUBECTL ? List.of("version", "--client") : List.of("--version");
  }
}
