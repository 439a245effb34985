package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.junit.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The real kubectl, on the control plane of a test. */
final class Kubectl {
  private Kubectl() {}

  /** What it said; it must have succeeded. */
  static String run(TestNamespace namespace, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                namespace.controlPlane().binaries().resolve("kubectl").toString(),
                "--kubeconfig=" + namespace.controlPlane().kubeconfig()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("kubectl %s: %s", List.of(arguments), said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
