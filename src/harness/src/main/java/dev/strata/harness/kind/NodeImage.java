package dev.strata.harness.kind;

import dev.strata.harness.Assets;
import dev.strata.harness.Command;
import dev.strata.harness.DockerEngine;
import dev.strata.harness.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The image that nodes are made of: kind's own where the engine can pull it, else one that is built
 * from Debian's packages and the programs of the asset folder.
 *
 * @param name of the image
 * @param stock whether it is kind's own, which brings its network, names and volumes
 */
record NodeImage(String name, boolean stock) {
  /**
   * What kind 0.33.0 takes when nothing is said: it publishes images of some versions only. The own
   * one has {@link Versions#KUBERNETES}, as everything else of the harness.
   */
  private static final String STOCK = "kindest/node:v1.37.0";

  /** What the own one is built on; it has a shell. */
  static final String BASE = "localhost/strata-kind/debian:1";

  private static final String OWN = "localhost/strata-kind/node:";
  private static final Duration PULL = Duration.ofMinutes(10);
  private static final Duration BUILD = Duration.ofMinutes(20);

  /**
   * Finds, pulls or builds it. {@code STRATA_NODE_IMAGE} names another stock image, which is then
   * taken whatever there is, or is {@code own} to build in any case.
   *
   * @throws IllegalStateException when the image that was named cannot be had
   */
  static NodeImage find(DockerEngine engine, Assets assets, Path files) {
    String named = System.getenv().getOrDefault("STRATA_NODE_IMAGE", "");
    String own = OWN + digest(files);
    if (!named.isEmpty() && !named.equals("own")) {
      if (!stock(engine, named)) {
        throw new IllegalStateException(
            "the node image %s of STRATA_NODE_IMAGE is not here and cannot be pulled; write own for one that is built from packages"
                .formatted(named));
      }
      return new NodeImage(named, true);
    }
    if (has(engine, own)) {
      return new NodeImage(own, false);
    }
    if (named.isEmpty() && stock(engine, STOCK)) {
      return new NodeImage(STOCK, true);
    }
    System.err.println("kind: no node image can be pulled; building one from packages");
    build(engine, assets, files, own);
    return new NodeImage(own, false);
  }

  private static boolean stock(DockerEngine engine, String image) {
    return has(engine, image)
        || engine.docker(List.of("pull", "--quiet", image)).within(PULL).succeeds();
  }

  private static boolean has(DockerEngine engine, String image) {
    return engine.docker(List.of("image", "inspect", image)).succeeds();
  }

  private static void build(DockerEngine engine, Assets assets, Path files, String image) {
    Path programs =
        assets.require(
            List.of(
                "kubelet",
                "kubeadm",
                "kubectl",
                "kube-proxy",
                "kube-apiserver",
                "kube-controller-manager",
                "kube-scheduler",
                "etcd",
                "coredns"));
    Command.of(
            List.of(
                files.resolve("build.sh").toString(),
                programs.toString(),
                assets.path("node-image").toString(),
                Versions.KUBERNETES,
                Versions.ETCD,
                image))
        .with(engine.environment())
        .within(BUILD)
        .run();
  }

  /** Another image for other files or versions. */
  private static String digest(Path files) {
    try (Stream<Path> all = Files.walk(files)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          (Versions.KUBERNETES + " " + Versions.ETCD)
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    } catch (IOException e) {
      throw new UncheckedIOException("the files of the node image cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
