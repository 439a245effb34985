package dev.strata.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.protocol.Sealed;
import dev.strata.protocol.WorkAdmin;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a pool stands on: its Secret (task token, sealing key), its Service, its
 * PodDisruptionBudget, its streams and its template's ControllerRevision. Written when missing or
 * different; looked at again now and then, so that what somebody deletes comes back.
 */
final class PoolGround {
  static final String SEAL_KEY = "seal-key";
  static final String HTTP_TOKEN = "http-token";

  /** How many templates are kept for looking back. */
  private static final int REVISIONS = 5;

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final Creator creator;
  private final GuardedWrites writes;
  private final WorkAdmin work;
  private final ObjectMapper json;
  private final Clock clock;
  private final Map<String, Standing> standing = new ConcurrentHashMap<>();

  /**
   * What holds for a pool.
   *
   * @param generation of the spec for which it was made
   * @param revision hash of the template
   * @param budget how many agents a disruption may take
   * @param sealKey key under which pods' credentials are sealed
   * @param seen when it was last looked at
   */
  record Standing(long generation, String revision, int budget, String sealKey, Instant seen) {
    Standing at(long newer) {
      return new Standing(newer, revision, budget, sealKey, seen);
    }
  }

  PoolGround(
      KubernetesClient client, Creator creator, WorkAdmin work, ObjectMapper json, Clock clock) {
    this.client = client;
    this.creator = creator;
    this.writes = new GuardedWrites(client);
    this.work = work;
    this.json = json.copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    this.clock = clock;
  }

  /**
   * Makes what is missing. A changed number of agents touches nothing of it and must not wait for a
   * look at it: scaling is the fast path.
   */
  Standing ensure(AgentPool pool, Set<String> revisionsInUse) {
    String uid = pool.getMetadata().getUid();
    Standing now = standing.get(uid);
    if (now != null && now.seen().plus(LOOK_AGAIN).isAfter(clock.instant())) {
      if (now.generation() == pool.getMetadata().getGeneration()) {
        return now;
      }
      if (now.budget() == budgetOf(pool) && now.revision().equals(hash(template(pool)))) {
        Standing same = now.at(pool.getMetadata().getGeneration());
        standing.put(uid, same);
        return same;
      }
    }
    work.ensurePool(uid, pool.getMetadata().getNamespace(), WorkAdmin.Limits.DEFAULT);
    String sealKey = secret(pool);
    service(pool);
    budget(pool);
    String revision = revision(pool, revisionsInUse);
    var made =
        new Standing(
            pool.getMetadata().getGeneration(), revision, budgetOf(pool), sealKey, clock.instant());
    standing.put(uid, made);
    return made;
  }

  private static int budgetOf(AgentPool pool) {
    return pool.getSpec().update().maxUnavailable();
  }

  /** The key under which a pool's credentials are sealed; empty before its first reconcile. */
  Optional<String> sealKey(String poolUid) {
    return Optional.ofNullable(standing.get(poolUid)).map(Standing::sealKey);
  }

  /** Forgets a pool that does not exist any more. */
  void forget(String poolUid) {
    standing.remove(poolUid);
  }

  private String secret(AgentPool pool) {
    String name = Names.secret(pool.getMetadata().getName());
    Secret secret =
        client.secrets().inNamespace(pool.getMetadata().getNamespace()).withName(name).get();
    if (secret == null) {
      secret =
          creator.create(
              new SecretBuilder()
                  .withMetadata(PoolObject.metadata(pool, name))
                  .withType("Opaque")
                  .withStringData(Map.of(SEAL_KEY, Sealed.newKey(), HTTP_TOKEN, Sealed.newKey()))
                  .build(),
              pool.getMetadata().getUid());
    }
    String key = secret.getData() == null ? null : secret.getData().get(SEAL_KEY);
    if (key == null) {
      throw new IllegalStateException(
          "Secret "
              + name
              + " has no "
              + SEAL_KEY
              + ": delete it, it is made anew with the next pods");
    }
    return new String(java.util.Base64.getDecoder().decode(key), StandardCharsets.UTF_8);
  }

  private void service(AgentPool pool) {
    Service wanted =
        new ServiceBuilder()
            .withMetadata(PoolObject.metadata(pool, pool.getMetadata().getName()))
            .withNewSpec()
            .withSelector(Map.of(Names.POOL, pool.getMetadata().getName(), Names.ROLE, "active"))
            .addNewPort()
            .withName("http")
            .withPort(80)
            .withTargetPort(new IntOrString("http"))
            .withProtocol("TCP")
            .endPort()
            .endSpec()
            .build();
    Service there = client.resource(wanted).get();
    if (there == null) {
      creator.create(wanted, pool.getMetadata().getUid());
    } else if (!Objects.equals(there.getSpec().getSelector(), wanted.getSpec().getSelector())) {
      apply(wanted, there);
    }
  }

  private void budget(AgentPool pool) {
    PodDisruptionBudget wanted =
        new PodDisruptionBudgetBuilder()
            .withMetadata(PoolObject.metadata(pool, pool.getMetadata().getName()))
            .withNewSpec()
            .withMaxUnavailable(new IntOrString(budgetOf(pool)))
            // An agent that is not Ready must not keep a node from being drained.
            .withUnhealthyPodEvictionPolicy("AlwaysAllow")
            .withNewSelector()
            .withMatchLabels(Map.of(Names.POOL, pool.getMetadata().getName(), Names.ROLE, "active"))
            .endSelector()
            .endSpec()
            .build();
    PodDisruptionBudget there = client.resource(wanted).get();
    if (there == null) {
      creator.create(wanted, pool.getMetadata().getUid());
    } else if (!Objects.equals(
            there.getSpec().getMaxUnavailable(), wanted.getSpec().getMaxUnavailable())
        || !Objects.equals(there.getSpec().getSelector(), wanted.getSpec().getSelector())
        || !Objects.equals(
            there.getSpec().getUnhealthyPodEvictionPolicy(),
            wanted.getSpec().getUnhealthyPodEvictionPolicy())) {
      apply(wanted, there);
    }
  }

  private String revision(AgentPool pool, Set<String> inUse) {
    Map<String, Object> template = template(pool);
    String hash = hash(template);
    List<ControllerRevision> kept =
        client
            .apps()
            .controllerRevisions()
            .inNamespace(pool.getMetadata().getNamespace())
            .withLabel(Names.POOL, pool.getMetadata().getName())
            .list()
            .getItems()
            .stream()
            .filter(r -> PoolObject.ownedBy(r, pool))
            .sorted(Comparator.comparingLong(ControllerRevision::getRevision))
            .toList();
    long newest = kept.isEmpty() ? 0 : kept.getLast().getRevision();
    var known =
        kept.stream()
            .filter(r -> hash.equals(r.getMetadata().getLabels().get(Names.REVISION)))
            .findFirst();
    if (known.isEmpty()) {
      var metadata = PoolObject.metadata(pool, pool.getMetadata().getName() + "-" + hash);
      metadata.getLabels().put(Names.REVISION, hash);
      creator.create(
          new ControllerRevisionBuilder()
              .withMetadata(metadata)
              .withRevision(newest + 1)
              .withData(template)
              .build(),
          pool.getMetadata().getUid());
    } else if (known.get().getRevision() < newest) {
      // Back to an earlier template: it becomes the newest again, as with Deployments.
      var again = JsonNodeFactory.instance.objectNode().put("revision", newest + 1);
      if (writes.patch(known.get(), again).isEmpty()) {
        throw new IllegalStateException("the revision " + hash + " has changed in between");
      }
    }
    trim(kept, known.isEmpty() ? 1 : 0, inUse, hash);
    return hash;
  }

  private Map<String, Object> template(AgentPool pool) {
    Map<String, Object> template = new TreeMap<>();
    template.put("agent", json.convertValue(pool.getSpec().agent(), Map.class));
    template.put("drain", json.convertValue(pool.getSpec().drain(), Map.class));
    template.put("template", json.convertValue(pool.getSpec().template(), Map.class));
    return template;
  }

  private void trim(List<ControllerRevision> kept, int made, Set<String> inUse, String current) {
    int surplus = kept.size() + made - REVISIONS;
    for (ControllerRevision old : kept) {
      String hash = old.getMetadata().getLabels().get(Names.REVISION);
      if (surplus > 0 && !inUse.contains(hash) && !current.equals(hash)) {
        writes.delete(old, false);
        surplus--;
      }
    }
  }

  private String hash(Map<String, Object> template) {
    try {
      byte[] bytes = json.writeValueAsBytes(template);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 5);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("the template cannot be hashed", e);
    }
  }

  /** What was seen is the condition: an object that has changed in between is looked at again. */
  private void apply(HasMetadata object, HasMetadata there) {
    object.getMetadata().setUid(there.getMetadata().getUid());
    object.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
    client.resource(object).fieldManager(Names.OPERATOR).forceConflicts().serverSideApply();
  }
}
