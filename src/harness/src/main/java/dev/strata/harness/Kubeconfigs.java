package dev.strata.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes kubeconfig files that hold everything themselves, so that they can be copied around. */
final class Kubeconfigs {
  private final Path folder;
  private final String server;
  private final String authority;

  /**
   * @param server URL of the API server
   * @param authority certificate of its authority, PEM
   */
  Kubeconfigs(Path folder, String server, String authority) {
    this.folder = folder;
    this.server = server;
    this.authority = authority;
  }

  Path withCertificate(String name, Certificates.Identity identity) {
    return write(
        name,
        "{client-certificate-data: %s, client-key-data: %s}"
            .formatted(
                Certificates.base64(identity.certificate()), Certificates.base64(identity.key())));
  }

  Path withToken(String name, String token) {
    return write(name, "{token: " + token + "}");
  }

  private Path write(String name, String user) {
    Path file = folder.resolve(name + ".kubeconfig");
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: strata
          cluster: {server: "%s", certificate-authority-data: %s}
        users:
        - name: %s
          user: %s
        contexts:
        - name: strata
          context: {cluster: strata, user: %s}
        current-context: strata
        """
            .formatted(server, Certificates.base64(authority), name, user, name);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
