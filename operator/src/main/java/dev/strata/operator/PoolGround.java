package dev.strata.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.protocol.Sealed;
import dev.strata.protocol.WorkAdmin;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a pool stands on: its Secret (task token, key of its agents' users), its Service, its
 * PodDisruptionBudget, its streams and its template's ControllerRevision. Written when missing or
 * different; looked at again now and then, so that what somebody deletes comes back.
 */
final class PoolGround {
  static final String SEAL_KEY = "seal-key";
  static final String HTTP_TOKEN = "http-token";

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(2);

  /** When a name is taken. */
  private static final Duration LOOK_SOON = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final Creator creator;
  private final WorkAdmin work;
  private final Templates templates;
  private final Narrator narrator;
  private final Clock clock;
  private final Map<String, Standing> standing = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();

  /**
   * What holds for a pool.
   *
   * @param generation of the spec for which it was made
   * @param templates what pods are made from
   * @param budget how many agents a disruption may take
   * @param sealKey key from which pods' NATS users come
   * @param seen when it was last looked at
   */
  record Standing(
      long generation, Templates.Standing templates, int budget, String sealKey, Instant seen) {
    Standing at(long newer) {
      return new Standing(newer, templates, budget, sealKey, seen);
    }

    /** The same, to be looked at again. */
    Standing doubted() {
      return new Standing(generation, templates, budget, sealKey, Instant.EPOCH);
    }

    /** Hash of the template that pods are made from. */
    String revision() {
      return templates.history().inForce().hash();
    }
  }

  PoolGround(
      KubernetesClient client,
      Creator creator,
      WorkAdmin work,
      ObjectMapper json,
      Narrator narrator,
      Clock clock) {
    this.client = client;
    this.creator = creator;
    this.work = work;
    this.templates = new Templates(client, creator, json, clock);
    this.narrator = narrator;
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
      if (now.budget() == budgetOf(pool) && now.templates().isOf(pool)) {
        Standing same = now.at(pool.getMetadata().getGeneration());
        standing.put(uid, same);
        return same;
      }
    }
    work.ensurePool(uid, pool.getMetadata().getNamespace(), WorkAdmin.Limits.DEFAULT);
    String sealKey = secret(pool);
    boolean hasService = service(pool);
    boolean hasBudget = budget(pool);
    var made =
        new Standing(
            pool.getMetadata().getGeneration(),
            templates.ensure(pool, revisionsInUse),
            budgetOf(pool),
            sealKey,
            hasService && hasBudget
                ? clock.instant()
                : clock.instant().minus(LOOK_AGAIN).plus(LOOK_SOON));
    standing.put(uid, made);
    return made;
  }

  /** Takes the newest template of a pool back, and looks at everything again. */
  void takeBack(AgentPool pool, Standing now, String why) {
    templates.takeBack(pool, now.templates(), why);
    standing.put(pool.getMetadata().getUid(), now.doubted());
  }

  /** Notes that the template in force keeps its promises. */
  void satisfied(AgentPool pool, Standing now) {
    templates.satisfied(pool, now.templates());
    standing.put(pool.getMetadata().getUid(), now.doubted());
  }

  private static int budgetOf(AgentPool pool) {
    return pool.getSpec().update().maxUnavailable();
  }

  /** The key from which a pool's NATS users come; empty before its first reconcile. */
  Optional<String> sealKey(String poolUid) {
    return Optional.ofNullable(standing.get(poolUid)).map(Standing::sealKey);
  }

  /** Forgets a pool that does not exist any more. */
  void forget(String poolUid) {
    standing.remove(poolUid);
    told.remove(poolUid);
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

  /** Whether the pool has its Service. */
  private boolean service(AgentPool pool) {
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
    } else if (isTaken(there, pool)) {
      return false;
    } else if (!Objects.equals(there.getSpec().getSelector(), wanted.getSpec().getSelector())) {
      apply(wanted, there);
    }
    return true;
  }

  /** Whether the pool has its disruption budget. */
  private boolean budget(AgentPool pool) {
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
    } else if (isTaken(there, pool)) {
      return false;
    } else if (!Objects.equals(
            there.getSpec().getMaxUnavailable(), wanted.getSpec().getMaxUnavailable())
        || !Objects.equals(there.getSpec().getSelector(), wanted.getSpec().getSelector())
        || !Objects.equals(
            there.getSpec().getUnhealthyPodEvictionPolicy(),
            wanted.getSpec().getUnhealthyPodEvictionPolicy())) {
      apply(wanted, there);
    }
    return true;
  }

  /**
   * Whether an object of the pool's name is somebody else's. With the owner that an apply gives it,
   * it would go with the pool; so the pool goes without, and says so once.
   */
  private boolean isTaken(HasMetadata there, AgentPool pool) {
    if (PoolObject.ownedBy(there, pool)) {
      return false;
    }
    String sentence =
        "%s %s is there and not this pool's, which goes without it: give the pool another name"
            .formatted(there.getKind(), there.getMetadata().getName());
    // What an earlier pool of this name leaves behind goes by itself.
    boolean leftBehind =
        there.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> owner.getKind().equals(pool.getKind()));
    if (!leftBehind
        && told.computeIfAbsent(pool.getMetadata().getUid(), uid -> ConcurrentHashMap.newKeySet())
            .add(sentence)) {
      narrator.tell(pool, "Reconcile", "NameTaken", true, sentence);
    }
    return true;
  }

  /** What was seen is the condition: an object that has changed in between is looked at again. */
  private void apply(HasMetadata object, HasMetadata there) {
    object.getMetadata().setUid(there.getMetadata().getUid());
    object.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
    client.resource(object).fieldManager(Names.OPERATOR).forceConflicts().serverSideApply();
  }
}
