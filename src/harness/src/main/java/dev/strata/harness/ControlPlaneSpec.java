package dev.strata.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param parent folder in which the control plane makes its own folder
 * @param nodeMonitorGrace after how much silence of a node's lease it counts as NotReady
 * @param crds folder with CustomResourceDefinitions to apply before the controller manager starts
 *     (it looks for new kinds only every 30 s, and garbage collection waits for that), or null
 * @param apiServerFlags further flags of kube-apiserver
 * @param controllerManagerFlags further flags of kube-controller-manager
 * @param natsTls whether NATS speaks TLS, with a certificate of an authority of its own
 * @param keepLogs whether the logs stay after an orderly end; they always stay after a failure
 */
public record ControlPlaneSpec(
    Tier tier,
    Path parent,
    Duration nodeMonitorGrace,
    @Nullable Path crds,
    List<String> apiServerFlags,
    List<String> controllerManagerFlags,
    boolean natsTls,
    boolean keepLogs) {

  public ControlPlaneSpec {
    apiServerFlags = List.copyOf(apiServerFlags);
    controllerManagerFlags = List.copyOf(controllerManagerFlags);
  }

  /** The usual one: under target/ where there is one, else in the folder for temporary files. */
  public static ControlPlaneSpec of(Tier tier) {
    Path target = Path.of("target").toAbsolutePath();
    Path parent =
        Files.isDirectory(target)
            ? target.resolve("harness")
            : Path.of(System.getProperty("java.io.tmpdir"), "strata-harness");
    return new ControlPlaneSpec(
        tier, parent, Duration.ofSeconds(8), null, List.of(), List.of(), false, false);
  }

  public ControlPlaneSpec withParent(Path folder) {
    return new ControlPlaneSpec(
        tier,
        folder,
        nodeMonitorGrace,
        crds,
        apiServerFlags,
        controllerManagerFlags,
        natsTls,
        keepLogs);
  }

  public ControlPlaneSpec withNodeMonitorGrace(Duration grace) {
    return new ControlPlaneSpec(
        tier, parent, grace, crds, apiServerFlags, controllerManagerFlags, natsTls, keepLogs);
  }

  public ControlPlaneSpec withCrds(Path folder) {
    return new ControlPlaneSpec(
        tier,
        parent,
        nodeMonitorGrace,
        folder,
        apiServerFlags,
        controllerManagerFlags,
        natsTls,
        keepLogs);
  }

  public ControlPlaneSpec withApiServerFlags(String... flags) {
    return new ControlPlaneSpec(
        tier,
        parent,
        nodeMonitorGrace,
        crds,
        List.of(flags),
        controllerManagerFlags,
        natsTls,
        keepLogs);
  }

  public ControlPlaneSpec withControllerManagerFlags(String... flags) {
    return new ControlPlaneSpec(
        tier, parent, nodeMonitorGrace, crds, apiServerFlags, List.of(flags), natsTls, keepLogs);
  }

  public ControlPlaneSpec withNatsTls() {
    return new ControlPlaneSpec(
        tier,
        parent,
        nodeMonitorGrace,
        crds,
        apiServerFlags,
        controllerManagerFlags,
        true,
        keepLogs);
  }

  public ControlPlaneSpec withLogsKept() {
    return new ControlPlaneSpec(
        tier,
        parent,
        nodeMonitorGrace,
        crds,
        apiServerFlags,
        controllerManagerFlags,
        natsTls,
        true);
  }
}
