package dev.strata.harness.node;

import dev.strata.harness.Child;
import dev.strata.harness.ImageTable;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes a local process of a container. Its root folder is its working folder and its HOME; the
 * image's files and the volumes are links in it. As there is no mount namespace, a value of a
 * variable, a word of the command or an argument that starts with a mountPath is rewritten to the
 * real folder.
 */
final class ContainerLaunch {
  private static final String SYSTEM_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final NodeContext node;
  private final Pod pod;
  private final Path folder;
  private final Path logs;
  private final PodFields fields;
  private final PodVolumes volumes;

  /** A container that runs. */
  record Launched(Child child, Map<String, String> environment, Path root, Path image) {}

  ContainerLaunch(NodeContext node, Pod pod, String podIp, Path folder) {
    this.node = node;
    this.pod = pod;
    this.folder = folder;
    var meta = pod.getMetadata();
    this.logs =
        node.logs()
            .resolve(
                "%s_%s_%s"
                    .formatted(meta.getNamespace(), meta.getName(), meta.getUid().substring(0, 8)));
    fields = new PodFields(pod, podIp, node);
    volumes = new PodVolumes(pod, folder.resolve("volumes"), fields);
  }

  /**
   * Starts a container's process.
   *
   * @throws StartException when something it needs is not there; it may be there later
   */
  Launched start(Container container) throws StartException {
    ImageTable.Image image =
        node.images()
            .find(container.getImage())
            .orElseThrow(
                () ->
                    new StartException(
                        "ErrImagePull",
                        "this node's image table has no image " + container.getImage()));
    Path root = folder.resolve(container.getName()).resolve("root");
    PodObjects objects = new PodObjects(node.api(), pod.getMetadata().getNamespace());
    Map<String, String> declared = new PodEnvironment(objects, fields).of(container);
    try {
      Files.createDirectories(root);
      Files.createDirectories(logs);
      linkImage(image.root(), root, container);
      volumes.mount(container, root, objects);
      List<String> command = command(container, image, declared, root);
      Map<String, String> environment = base(root, image.root());
      declared.forEach((name, value) -> environment.put(name, rewrite(value, container, root)));
      node.api().pass();
      Child child =
          node.controlPlane()
              .startChild(
                  pod.getMetadata().getName() + "/" + container.getName(),
                  command,
                  environment,
                  root,
                  logs.resolve(container.getName() + ".log"));
      return new Launched(child, environment, root, image.root());
    } catch (IOException e) {
      throw new UncheckedIOException("the container " + container.getName(), e);
    }
  }

  /** Links the image's top-level files; never one through which a mount would write into it. */
  private static void linkImage(Path image, Path root, Container container) throws IOException {
    if (image.equals(Path.of("/"))) {
      return;
    }
    if (!Files.isDirectory(image)) {
      throw new IOException("the image's folder " + image + " is missing; build it first");
    }
    List<String> mounted =
        container.getVolumeMounts().stream()
            .map(mount -> mount.getMountPath().substring(1).split("/", -1)[0])
            .toList();
    try (Stream<Path> files = Files.list(image)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!mounted.contains(name) && !Files.exists(root.resolve(name))) {
          link(root.resolve(name), file);
        }
      }
    }
  }

  private static void link(Path link, Path file) throws IOException {
    try {
      Files.createSymbolicLink(link, file);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(link + " exists, although its container is only being started", e);
    }
  }

  private List<String> command(
      Container container, ImageTable.Image image, Map<String, String> declared, Path root)
      throws StartException {
    List<String> words = new ArrayList<>(container.getCommand());
    if (words.isEmpty()) {
      words.addAll(image.command());
    }
    if (words.isEmpty()) {
      throw new StartException(
          "CreateContainerError",
          "the image "
              + container.getImage()
              + " has no command of its own: write spec.containers[].command");
    }
    words.addAll(container.getArgs());
    List<String> expanded =
        new ArrayList<>(
            PodEnvironment.expand(words, declared).stream()
                .map(word -> rewrite(word, container, root))
                .toList());
    expanded.set(0, program(expanded.getFirst(), image.root(), root));
    return expanded;
  }

  /** Finds a program as a container would: in the image first, then on this machine. */
  static String program(String word, Path image, Path root) throws StartException {
    List<Path> candidates = new ArrayList<>();
    if (word.startsWith("/")) {
      candidates.add(image.resolve(word.substring(1)));
      candidates.add(Path.of(word));
    } else if (word.contains("/")) {
      candidates.add(root.resolve(word));
      candidates.add(image.resolve(word));
    } else {
      for (String place : path(image).split(":", -1)) {
        candidates.add(Path.of(place, word));
      }
    }
    return candidates.stream()
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(Path::toString)
        .orElseThrow(
            () ->
                new StartException(
                    "StartError",
                    word.contains("/")
                        ? "exec: \"" + word + "\": no such executable file"
                        : "exec: \"" + word + "\": executable file not found in $PATH"));
  }

  private static String path(Path image) {
    return image.equals(Path.of("/")) ? SYSTEM_PATH : image.resolve("bin") + ":" + SYSTEM_PATH;
  }

  private Map<String, String> base(Path root, Path image) {
    Map<String, String> environment = new HashMap<>();
    URI api = URI.create(node.controlPlane().url());
    environment.put("PATH", path(image));
    environment.put("HOME", root.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("HOSTNAME", pod.getMetadata().getName());
    environment.put("KUBERNETES_SERVICE_HOST", api.getHost());
    environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(api.getPort()));
    return environment;
  }

  private static String rewrite(String value, Container container, Path root) {
    for (VolumeMount mount : container.getVolumeMounts()) {
      String path = mount.getMountPath();
      if (value.equals(path) || value.startsWith(path + "/")) {
        return root + value;
      }
    }
    return value;
  }
}
