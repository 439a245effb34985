package dev.strata.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The projects' own downloads, checked against their own checksums. A download that broke off goes
 * on where it stopped; a host that cannot be reached is not asked again.
 */
final class AssetDownload {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final Path folder;
  private final Set<String> unreachable = new HashSet<>();

  AssetDownload(Path folder) {
    this.folder = folder;
  }

  /** Where a program is: a plain file with its checksum, or an archive with a list of checksums. */
  private record Source(String url, String checksums, @Nullable String member) {}

  private static @Nullable Source source(Binary binary) {
    String machine =
        System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("aarch64|arm64")
            ? "arm64"
            : "amd64";
    String version = "v" + binary.version();
    return switch (binary) {
      case ETCD -> archive("etcd-io/etcd", "etcd-" + version + "-linux-" + machine, binary);
      case NATS_SERVER ->
          archive("nats-io/nats-server", "nats-server-" + version + "-linux-" + machine, binary);
      case COREDNS -> null; // built with the few plugins that a test cluster needs
      case KIND -> {
        String url =
            "https://github.com/kubernetes-sigs/kind/releases/download/%s/kind-linux-%s"
                .formatted(version, machine);
        yield new Source(url, url + ".sha256sum", null);
      }
      case HELM -> {
        String url = "https://get.helm.sh/helm-%s-linux-%s.tar.gz".formatted(version, machine);
        yield new Source(url, url + ".sha256sum", "linux-" + machine + "/helm");
      }
      case KUBE_APISERVER,
          KUBE_CONTROLLER_MANAGER,
          KUBE_SCHEDULER,
          KUBECTL,
          KUBELET,
          KUBEADM,
          KUBE_PROXY -> {
        String url =
            "https://dl.k8s.io/release/%s/bin/linux/%s/%s"
                .formatted(version, machine, binary.program());
        yield new Source(url, url + ".sha256", null);
      }
    };
  }

  private static Source archive(String repository, String name, Binary binary) {
    String base =
        "https://github.com/%s/releases/download/v%s/".formatted(repository, binary.version());
    return new Source(base + name + ".tar.gz", base + "SHA256SUMS", name + "/" + binary.program());
  }

  /**
   * Fetches a program into a file beside its place.
   *
   * @param refused gets the reason when there is none
   * @return null when it cannot be downloaded
   */
  @Nullable Path fetch(Binary binary, Consumer<String> refused) {
    Source source = source(binary);
    if (source == null) {
      refused.accept("there is no download of " + binary.program() + " as it is wanted here");
      return null;
    }
    String host = URI.create(source.url()).getHost();
    if (unreachable.contains(host)) {
      refused.accept(host + " cannot be reached");
      return null;
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      String file = source.url().substring(source.url().lastIndexOf('/') + 1);
      String wanted = checksum(client, source, file);
      Path part = folder.resolve(file + ".part");
      resume(client, source.url(), part);
      if (!wanted.equals(sha256(part))) {
        Files.delete(part);
        refused.accept(source.url() + " does not have the published checksum");
        return null;
      }
      return unpack(source, part, binary);
    } catch (IOException e) {
      unreachable.add(host);
      refused.accept(host + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during the download of " + source.url(), e);
    }
  }

  private static String checksum(HttpClient client, Source source, String file)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(source.checksums())).timeout(ANSWER).build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(source.checksums() + " answers " + answer.statusCode());
    }
    return answer
        .body()
        .lines()
        .map(line -> List.of(line.strip().split("\\s+", -1)))
        .filter(words -> words.size() == 1 || words.get(1).equals(file))
        .map(List::getFirst)
        .findFirst()
        .orElseThrow(() -> new IOException(source.checksums() + " does not name " + file));
  }

  private static void resume(HttpClient client, String url, Path part)
      throws IOException, InterruptedException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      switch (answer.statusCode()) {
        case 200 -> Files.copy(in, part, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        case 206 -> {
          try (var out = Files.newOutputStream(part, StandardOpenOption.APPEND)) {
            in.transferTo(out);
          }
        }
        case 416 -> {
          return; // it is complete
        }
        default -> throw new IOException(url + " answers " + answer.statusCode());
      }
    }
  }

  private Path unpack(Source source, Path part, Binary binary)
      throws IOException, InterruptedException {
    Path file = part;
    String member = source.member();
    if (member != null) {
      file = folder.resolve(binary.program() + ".unpacked");
      Process tar =
          new ProcessBuilder("tar", "-xzOf", part.toString(), member)
              .redirectOutput(file.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!tar.waitFor(2, TimeUnit.MINUTES) || tar.exitValue() != 0) {
        throw new IOException(part + " holds no " + member);
      }
      Files.delete(part);
    }
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
    return file;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      in.transferTo(
          new java.security.DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256: " + StandardCharsets.UTF_8, e);
    }
  }
}
