package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** The folder of one control plane: data (goes with it), logs (may stay), records of the reaper. */
final class ControlPlaneFiles {
  private final Path folder;

  ControlPlaneFiles(Path parent) {
    try {
      Files.createDirectories(parent);
      folder = Files.createTempDirectory(parent, "cp-").toAbsolutePath();
      Files.createDirectories(logs());
      Files.createDirectories(data());
      AuditLog.writePolicy(data().resolve("audit-policy.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for a control plane can be made in " + parent, e);
    }
  }

  Path folder() {
    return folder;
  }

  Path logs() {
    return folder.resolve("logs");
  }

  Path data() {
    return folder.resolve("data");
  }

  Path records() {
    return data().resolve("reaper");
  }

  /** Writes what kube-apiserver reads; the three keys are made at the same time. */
  void writeServerCertificates(Certificates certificates) {
    List<String> names =
        List.of(
            "127.0.0.1", ControlPlane.KUBERNETES_ADDRESS, "localhost", "kubernetes.default.svc");
    Stream.<Runnable>of(
            () -> Certificates.write(data(), "api", certificates.server("kube-apiserver", names)),
            () -> Certificates.write(data(), "sa", Certificates.bareKey()))
        .parallel()
        .forEach(Runnable::run);
    try {
      Files.writeString(data().resolve("ca.crt"), certificates.authority());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Certificates newAuthority() {
    return new Certificates(Clock.systemUTC());
  }

  /** Removes data, and the rest too unless the logs stay. */
  void remove(boolean keepLogs) {
    Path doomed = keepLogs ? data() : folder;
    if (!Files.exists(doomed)) {
      return;
    }
    try (Stream<Path> all = Files.walk(doomed)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(ControlPlaneFiles::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (java.nio.file.DirectoryNotEmptyException e) {
      // A process that is just ending wrote into it; the reaper removes the folder after us.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
