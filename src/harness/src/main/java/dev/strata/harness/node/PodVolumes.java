package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod's volumes as folders, each made once a pod. There is no mount namespace: a volume appears
 * as a link below the container's own root folder, and who starts the container rewrites paths.
 */
final class PodVolumes {
  private final Pod pod;
  private final Path folder;
  private final PodFields fields;

  PodVolumes(Pod pod, Path folder, PodFields fields) {
    this.pod = pod;
    this.folder = folder;
    this.fields = fields;
  }

  /** Makes the volumes that a container mounts and links them into its root folder. */
  synchronized void mount(Container container, Path root, PodObjects objects)
      throws StartException {
    try {
      for (VolumeMount mount : container.getVolumeMounts()) {
        Path volume = make(mount.getName(), objects);
        Path link = root.resolve(mount.getMountPath().substring(1)).normalize();
        if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
          volume = volume.resolve(mount.getSubPath());
        }
        Files.createDirectories(link.getParent());
        if (!Files.isSymbolicLink(link)) {
          Files.createSymbolicLink(link, volume);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the volumes of " + pod.getMetadata().getName(), e);
    }
  }

  private Path make(String name, PodObjects objects) throws StartException, IOException {
    Path place = folder.resolve(name);
    if (Files.exists(place)) {
      return place;
    }
    Volume volume =
        pod.getSpec().getVolumes().stream()
            .filter(candidate -> candidate.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> failed(name, "the pod has no such volume"));
    Path part = Files.createDirectories(folder.resolve(name + ".part"));
    fill(volume, part, objects);
    return Files.move(part, place);
  }

  private void fill(Volume volume, Path place, PodObjects objects)
      throws StartException, IOException {
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      write(
          place,
          volume.getName(),
          needed(volume, "configmap", source.getName(), source.getOptional(), objects),
          source.getItems());
    } else if (volume.getSecret() != null) {
      var source = volume.getSecret();
      write(
          place,
          volume.getName(),
          needed(volume, "secret", source.getSecretName(), source.getOptional(), objects),
          source.getItems());
    } else if (volume.getDownwardAPI() != null) {
      writeFields(place, volume.getDownwardAPI().getItems());
    } else if (volume.getProjected() != null) {
      for (VolumeProjection source : volume.getProjected().getSources()) {
        project(volume, source, place, objects);
      }
    } else if (volume.getEmptyDir() == null) {
      throw failed(
          volume.getName(),
          "process nodes have emptyDir, configMap, secret, downwardAPI and projected volumes only");
    }
  }

  private void project(Volume volume, VolumeProjection source, Path place, PodObjects objects)
      throws StartException, IOException {
    if (source.getConfigMap() != null) {
      var map = source.getConfigMap();
      write(
          place,
          volume.getName(),
          needed(volume, "configmap", map.getName(), map.getOptional(), objects),
          map.getItems());
    } else if (source.getSecret() != null) {
      var secret = source.getSecret();
      write(
          place,
          volume.getName(),
          needed(volume, "secret", secret.getName(), secret.getOptional(), objects),
          secret.getItems());
    } else if (source.getDownwardAPI() != null) {
      writeFields(place, source.getDownwardAPI().getItems());
    } else if (source.getServiceAccountToken() != null) {
      var token = source.getServiceAccountToken();
      String audience = token.getAudience() == null ? "" : token.getAudience();
      Long seconds = token.getExpirationSeconds();
      writeFile(
          place, token.getPath(), objects.token(pod, audience, seconds == null ? 3600 : seconds));
    }
  }

  private static Map<String, byte[]> needed(
      Volume volume, String kind, String name, @Nullable Boolean optional, PodObjects objects)
      throws StartException {
    Optional<Map<String, byte[]>> data =
        kind.equals("secret") ? objects.secret(name) : objects.configMap(name);
    if (data.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw failed(volume.getName(), "%s \"%s\" not found".formatted(kind, name));
    }
    return data.orElse(Map.of());
  }

  private void writeFields(Path place, List<DownwardAPIVolumeFile> items)
      throws StartException, IOException {
    for (DownwardAPIVolumeFile item : items) {
      if (item.getFieldRef() != null) {
        String value = fields.field(item.getFieldRef().getFieldPath());
        writeFile(place, item.getPath(), value.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void write(
      Path place, String volume, Map<String, byte[]> data, @Nullable List<KeyToPath> items)
      throws StartException, IOException {
    if (items == null || items.isEmpty()) {
      for (Map.Entry<String, byte[]> entry : data.entrySet()) {
        writeFile(place, entry.getKey(), entry.getValue());
      }
      return;
    }
    for (KeyToPath item : items) {
      byte[] value = data.get(item.getKey());
      if (value == null) {
        throw failed(volume, "references non-existent key: " + item.getKey());
      }
      writeFile(place, item.getPath(), value);
    }
  }

  private static void writeFile(Path place, String path, byte[] value) throws IOException {
    Path file = place.resolve(path).normalize();
    Files.createDirectories(file.getParent());
    Files.write(file, value);
  }

  private static StartException failed(String volume, String why) {
    return new StartException(
        "ContainerCreating",
        "MountVolume.SetUp failed for volume \"%s\": %s".formatted(volume, why));
  }
}
