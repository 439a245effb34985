package dev.strata.operator;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.ContainerSpec;
import dev.strata.api.v1alpha1.OpenAiHandler;
import dev.strata.api.v1alpha1.ResourcesSpec;
import dev.strata.api.v1alpha1.SecurityContextSpec;
import dev.strata.api.v1alpha1.TemplateSpec;
import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.nats.PodUser;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a spare's pod. Shaped for a fast start: no service account token, no service links, no
 * restart (backing off is the operator's), a CPU request and no limit, since a limit multiplies the
 * time to start.
 */
final class PodBlueprint {
  private static final Map<String, Quantity> DEFAULT_REQUESTS =
      Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi"));

  private final ObjectMapper json;
  private final String defaultImage;
  private final NatsServers servers;
  private final @Nullable String natsAuthority;

  PodBlueprint(
      ObjectMapper json, String defaultImage, NatsServers servers, @Nullable String natsAuthority) {
    this.json = json;
    this.defaultImage = defaultImage;
    this.servers = servers;
    this.natsAuthority = natsAuthority;
  }

  /**
   * The pod.
   *
   * @param verifier UID of the pool that judges outputs; null when there is none
   * @param user whom it is to NATS
   */
  Pod pod(AgentPool pool, String name, String revision, @Nullable String verifier, PodUser user) {
    TemplateSpec template = pool.getSpec().template();
    List<Container> containers = new ArrayList<>();
    containers.add(agent(pool, template, verifier, user));
    if (template != null) {
      template
          .containers()
          .forEach(sidecar -> containers.add(sidecar(sidecar, template.securityContext())));
    }
    // The pod outlives its drain by a little, so that the agent itself hands back what it could not
    // finish.
    long grace = pool.getSpec().drain().timeoutSeconds() + 5L;
    var builder =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(pool.getMetadata().getNamespace())
            .withLabels(labels(pool, template, revision))
            .withAnnotations(template == null ? Map.of() : template.annotations())
            .withOwnerReferences(owner(pool))
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy("Never")
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(grace)
            .withContainers(containers)
            .withNewSecurityContext()
            .withRunAsNonRoot(security(template).runAsNonRoot())
            .withRunAsUser(security(template).runAsUser())
            .withRunAsGroup(security(template).runAsGroup())
            .withFsGroup(security(template).fsGroup())
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext();
    if (template != null) {
      builder
          .withTolerations(
              json.convertValue(template.tolerations(), new TypeReference<List<Toleration>>() {}))
          .withNodeSelector(template.nodeSelector().isEmpty() ? null : template.nodeSelector())
          .withAffinity(PodAffinity.of(template.affinity()))
          .withVolumes(json.convertValue(template.volumes(), new TypeReference<List<Volume>>() {}));
    }
    return builder.endSpec().build();
  }

  /** The reference by which an object goes when its pool goes. */
  static OwnerReference owner(AgentPool pool) {
    return new OwnerReferenceBuilder()
        .withApiVersion(pool.getApiVersion())
        .withKind(pool.getKind())
        .withName(pool.getMetadata().getName())
        .withUid(pool.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(false)
        .build();
  }

  /** The labels of everything that belongs to a pool. */
  static Map<String, String> poolLabels(AgentPool pool) {
    return new TreeMap<>(
        Map.of(
            Names.POOL,
            pool.getMetadata().getName(),
            Names.MANAGED_BY,
            Names.OPERATOR,
            "app.kubernetes.io/name",
            "agent",
            "app.kubernetes.io/instance",
            pool.getMetadata().getName()));
  }

  private static Map<String, String> labels(
      AgentPool pool, @Nullable TemplateSpec template, String revision) {
    Map<String, String> labels = new TreeMap<>(template == null ? Map.of() : template.labels());
    labels.putAll(poolLabels(pool));
    labels.put(Names.ROLE, "spare");
    labels.put(Names.REVISION, revision);
    return labels;
  }

  private Container agent(
      AgentPool pool, @Nullable TemplateSpec template, @Nullable String verifier, PodUser user) {
    String image = template == null ? null : template.image();
    return new ContainerBuilder()
        .withName(Names.CONTAINER)
        .withImage(image == null ? defaultImage : image)
        .withImagePullPolicy("IfNotPresent")
        .withCommand(template == null ? List.of() : template.command())
        .withArgs(template == null ? List.of() : template.args())
        .withEnv(environment(pool, template, verifier, user))
        .withResources(resources(template == null ? null : template.resources(), DEFAULT_REQUESTS))
        .withVolumeMounts(
            template == null
                ? List.of()
                : json.convertValue(
                    template.volumeMounts(), new TypeReference<List<VolumeMount>>() {}))
        .addNewPort()
        .withName("http")
        .withContainerPort(AgentEnvironment.DEFAULT_HTTP_PORT)
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/readyz")
        .withNewPort(AgentEnvironment.DEFAULT_HTTP_PORT)
        .endHttpGet()
        // The kubelet's first look comes before a JVM can answer: most starts would have a warning,
        // written at the moment when the agent needs the cores.
        .withInitialDelaySeconds(1)
        .withPeriodSeconds(1)
        .withTimeoutSeconds(2)
        .withFailureThreshold(3)
        .endReadinessProbe()
        .withNewLivenessProbe()
        .withNewHttpGet()
        .withPath("/healthz")
        .withNewPort(AgentEnvironment.DEFAULT_HTTP_PORT)
        .endHttpGet()
        .withInitialDelaySeconds(10)
        .withPeriodSeconds(10)
        .withTimeoutSeconds(5)
        .withFailureThreshold(6)
        .endLivenessProbe()
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(security(template).readOnlyRootFilesystem())
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .build();
  }

  private List<EnvVar> environment(
      AgentPool pool, @Nullable TemplateSpec template, @Nullable String verifier, PodUser user) {
    String secret = Names.secret(pool.getMetadata().getName());
    List<EnvVar> env = new ArrayList<>();
    env.add(value(AgentEnvironment.POOL, pool.getMetadata().getName()));
    env.add(value(AgentEnvironment.POOL_UID, pool.getMetadata().getUid()));
    env.add(field(AgentEnvironment.POD_NAME, "metadata.name"));
    env.add(field(AgentEnvironment.POD_UID, "metadata.uid"));
    env.add(field(AgentEnvironment.NAMESPACE, "metadata.namespace"));
    env.add(field(AgentEnvironment.NODE, "spec.nodeName"));
    env.add(field(AgentEnvironment.POD_IP, "status.podIP"));
    env.add(
        value(AgentEnvironment.HTTP_PORT, Integer.toString(AgentEnvironment.DEFAULT_HTTP_PORT)));
    env.add(value(AgentEnvironment.NATS_URL, servers.forAgent()));
    if (natsAuthority != null) {
      env.add(value(AgentEnvironment.NATS_CA, natsAuthority));
    }
    env.add(value(AgentEnvironment.CREDENTIALS, user.asText()));
    env.add(secret(AgentEnvironment.SEAL_KEY, secret, PoolGround.SEAL_KEY));
    env.add(secret(AgentEnvironment.HTTP_TOKEN, secret, PoolGround.HTTP_TOKEN));
    env.add(value(AgentEnvironment.CONFIG, AgentSettings.json(json, pool.getSpec(), verifier)));
    OpenAiHandler openAi = pool.getSpec().agent().handler().openai();
    if (openAi != null && openAi.apiKeySecretRef() != null) {
      env.add(
          secret(
              AgentEnvironment.OPENAI_API_KEY,
              openAi.apiKeySecretRef().name(),
              openAi.apiKeySecretRef().key()));
    }
    if (template != null) {
      env.addAll(json.convertValue(template.env(), new TypeReference<List<EnvVar>>() {}));
    }
    return env;
  }

  private Container sidecar(ContainerSpec spec, @Nullable SecurityContextSpec security) {
    Container container = json.convertValue(spec, Container.class);
    return container
        .edit()
        .withResources(resources(spec.resources(), Map.of()))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(security == null || security.readOnlyRootFilesystem())
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .build();
  }

  private static SecurityContextSpec security(@Nullable TemplateSpec template) {
    return template == null || template.securityContext() == null
        ? new SecurityContextSpec(null, null, null, true, true)
        : template.securityContext();
  }

  private static ResourceRequirements resources(
      @Nullable ResourcesSpec spec, Map<String, Quantity> defaults) {
    if (spec == null) {
      return new ResourceRequirementsBuilder().withRequests(defaults).build();
    }
    Map<String, Quantity> requests = new TreeMap<>(defaults);
    // A limit without a request is a request of the same size, as Kubernetes has it.
    spec.limits().keySet().forEach(requests::remove);
    requests.putAll(spec.requests());
    return new ResourceRequirementsBuilder()
        .withRequests(requests)
        .withLimits(spec.limits())
        .build();
  }

  private static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static EnvVar secret(String name, String secret, String key) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, secret, false)
        .endValueFrom()
        .build();
  }
}
