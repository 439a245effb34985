package dev.strata.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Installs the CRDs and the chart the way a user does, without needing a helm program. */
public final class ChartInstaller {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("strata-harness")
          .withForce(true)
          .build();

  private final KubernetesClient client;

  public ChartInstaller(KubernetesClient client) {
    this.client = client;
  }

  /** Applies all YAML files of a folder and waits until their kinds are served. */
  public void applyCrds(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted =
          files
              .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
              .sorted()
              .toList();
      List<HasMetadata> applied =
          sorted.stream().flatMap(file -> applyFile(file).stream()).toList();
      for (HasMetadata object : applied) {
        awaitEstablished(object.getMetadata().getName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the CRDs in " + folder + " cannot be read", e);
    }
  }

  private List<HasMetadata> applyFile(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return apply(in);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private void awaitEstablished(String name) {
    Limits.await(
        Duration.ofSeconds(10),
        Duration.ofMillis(10),
        () -> {
          CustomResourceDefinition crd =
              client.apiextensions().v1().customResourceDefinitions().withName(name).get();
          return crd != null
              && crd.getStatus() != null
              // null, not empty, in the first moment
              && crd.getStatus().getConditions() != null
              && crd.getStatus().getConditions().stream()
                  .anyMatch(
                      condition ->
                          condition.getType().equals("Established")
                              && condition.getStatus().equals("True"));
        },
        () -> "the API server does not establish the CRD " + name);
  }

  /** Renders a chart and applies what comes out, in its order. */
  public List<HasMetadata> install(
      Path chart, String release, String namespace, Map<String, String> values) {
    return applyRendered(render(chart, release, namespace, values), namespace);
  }

  /** Applies what {@link #render} gave. */
  List<HasMetadata> applyRendered(String yaml, String namespace) {
    if (client.namespaces().withName(namespace).get() == null) {
      client
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
    }
    return applyText(yaml, namespace);
  }

  /** The YAML documents of a chart, as {@code helm template} prints them. */
  public static String render(
      Path chart, String release, String namespace, Map<String, String> values) {
    return HelmCall.of(chart, release, namespace).with(values).template();
  }

  /** Applies YAML documents; those without a namespace of their own go into the given one. */
  public List<HasMetadata> applyText(String yaml, String namespace) {
    return parse(yaml).stream().map(object -> applyOne(object, namespace)).toList();
  }

  private List<HasMetadata> parse(String yaml) {
    return client
        .load(new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  private List<HasMetadata> apply(InputStream yaml) {
    return client.load(yaml).items().stream().map(object -> applyOne(object, "default")).toList();
  }

  private HasMetadata applyOne(HasMetadata object, String namespace) {
    var resource = client.resource(object);
    return object instanceof io.fabric8.kubernetes.api.model.Namespaced
            && object.getMetadata().getNamespace() == null
        ? resource.inNamespace(namespace).patch(APPLY)
        : resource.patch(APPLY);
  }
}
