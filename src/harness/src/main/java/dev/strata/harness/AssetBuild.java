package dev.strata.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds programs from the Go modules that their projects publish. */
final class AssetBuild implements AutoCloseable {
  private static final String VERSION_PACKAGES =
      "k8s.io/component-base/version k8s.io/client-go/pkg/version";

  // The main module names its parts v0.0.0 and replaces them by folders of its own tree, so whoever
  // builds it from the module proxy has to say their versions.
  private static final String STAGING =
      "api apiextensions-apiserver apimachinery apiserver cli-runtime client-go "
          + "cloud-provider cluster-bootstrap code-generator component-base "
          + "component-helpers controller-manager cri-api cri-client cri-streaming "
          + "csi-translation-lib dynamic-resource-allocation endpointslice externaljwt "
          + "kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler "
          + "kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver "
          + "sample-controller streaming";

  private static final String COREDNS_PLUGINS =
      "errors health ready kubernetes loadbalance template";

  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final int NOT_FOUND = 127;

  private final Path work;

  private final Reaper reaper;

  /**
   * @param work an empty folder for all that a build makes; removed by {@link #close} or when this
   *     JVM dies
   */
  AssetBuild(Path work) {
    this.work = work;
    reaper = new Reaper(work.resolve("reaper"), work);
  }

  /** The new program, in the work folder. */
  Path build(Binary binary) throws IOException {
    boolean kubernetes = binary.module().equals("k8s.io/kubernetes");
    String target =
        kubernetes || binary == Binary.HELM
            ? binary.module() + "/cmd/" + binary.program()
            : binary.module();
    Path folder = Files.createDirectories(work.resolve(binary.program()));
    Files.writeString(folder.resolve("go.mod"), goMod(binary, kubernetes));
    if (binary == Binary.COREDNS) {
      Files.writeString(folder.resolve("main.go"), corednsMain());
      target = ".";
    } else {
      Files.writeString(
          folder.resolve("tools.go"),
          "//go:build tools\n\npackage tools\n\nimport _ \"" + target + "\"\n");
    }
    go(folder, List.of("mod", "tidy"));
    go(
        folder,
        List.of(
            "build",
            "-trimpath",
            "-ldflags",
            linkFlags(binary, kubernetes),
            "-o",
            folder.resolve(binary.program()).toString(),
            target));
    return folder.resolve(binary.program());
  }

  /** All plugins would make it three times as large. */
  private static String corednsMain() {
    return Stream.of(COREDNS_PLUGINS.split(" ", -1))
        .map("import _ \"github.com/coredns/coredns/plugin/%s\"\n"::formatted)
        .collect(
            Collectors.joining(
                "",
                "package main\n\nimport \"github.com/coredns/coredns/coremain\"\n",
                "\nfunc main() { coremain.Run() }\n"));
  }

  private static String goMod(Binary binary, boolean kubernetes) {
    String text =
        "module strata.dev/assets\n\ngo 1.26.0\n\nrequire %s v%s\n"
            .formatted(binary.module(), binary.version());
    if (!kubernetes) {
      return text;
    }
    String staging = "v0." + binary.version().substring(2);
    return text
        + Stream.of(STAGING.split(" ", -1))
            .map(part -> "replace k8s.io/%s => k8s.io/%s %s\n".formatted(part, part, staging))
            .collect(Collectors.joining());
  }

  /** Without its version kubectl and the API server take each other for strangers. */
  private static String linkFlags(Binary binary, boolean kubernetes) {
    String version = binary.version();
    if (!kubernetes) {
      // Only helm needs to be told.
      return "-s -w -X %s/internal/version.version=v%s".formatted(binary.module(), version);
    }
    String minor = version.split("\\.", -1)[1];
    return "-s -w "
        + Stream.of(VERSION_PACKAGES.split(" ", -1))
            .map(
                name ->
                    "-X %s.gitVersion=v%s -X %s.gitMajor=1 -X %s.gitMinor=%s -X %s.gitTreeState=clean"
                        .formatted(name, version, name, name, minor, name))
            .collect(Collectors.joining(" "));
  }

  private void go(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "CGO_ENABLED=0", "go"));
    command.addAll(arguments);
    Child child = Child.start("go", command, null, folder, folder.resolve("go.log"), reaper);
    if (!child.await(LIMIT)) {
      child.kill();
      throw new IOException("'go " + arguments.getFirst() + "' does not end");
    }
    int status = child.exit().join();
    if (status == NOT_FOUND) {
      throw new IOException("the program 'go' is missing; install Go 1.26 or later");
    }
    if (status != 0) {
      throw new IOException(
          "'go %s' failed:\n%s".formatted(arguments.getFirst(), child.logTail(20)));
    }
  }

  /** Ends what still runs and removes the work folder. */
  @Override
  public void close() {
    reaper.close();
  }
}
