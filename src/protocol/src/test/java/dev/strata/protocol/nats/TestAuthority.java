package dev.strata.protocol.nats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority for tests, made by the JDK's keytool. */
final class TestAuthority {
  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";
  private static final int LIMIT_SECONDS = 30;

  private final Path store;
  private int servers;

  /** A server's certificate and key, PEM. */
  record Identity(String certificate, String key) {}

  TestAuthority(Path folder, String name) throws IOException, InterruptedException {
    store = folder.resolve(name + ".p12");
    keytool("-alias", AUTHORITY, "-dname", "CN=" + name, "-ext", "bc:c");
  }

  /** Its own certificate, PEM. */
  String certificate() throws IOException {
    return certificate(AUTHORITY);
  }

  /**
   * Signs a new key.
   *
   * @param names such as ip:127.0.0.1,dns:localhost
   */
  Identity server(String names) throws IOException, InterruptedException {
    String alias = "server-" + servers++;
    keytool(
        "-alias",
        alias,
        "-dname",
        "CN=nats",
        "-signer",
        AUTHORITY,
        "-ext",
        "san=" + names,
        "-ext",
        "eku=serverAuth,clientAuth");
    try {
      var key = keys().getKey(alias, PASSWORD.toCharArray());
      return new Identity(certificate(alias), pem("PRIVATE KEY", key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private String certificate(String alias) throws IOException {
    try {
      return pem("CERTIFICATE", keys().getCertificate(alias).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(arguments));
    Path said = store.resolveSibling("keytool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          "keytool failed: " + Files.readString(said, StandardCharsets.ISO_8859_1));
    }
  }
}
