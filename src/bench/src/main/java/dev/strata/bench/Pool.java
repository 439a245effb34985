package dev.strata.bench;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.protocol.Role;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;

/** A pool as its user sees it, and as its agents speak of it. */
final class Pool {
  static final String ROLE = "strata.dev/role";

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final Bench bench;
  private final String name;
  private final String uid;

  Pool(Bench bench, String name, String uid) {
    this.bench = bench;
    this.name = name;
    this.uid = uid;
  }

  String name() {
    return name;
  }

  String uid() {
    return uid;
  }

  /** Patches its scale, as kubectl scale and autoscalers do; one request. */
  void scale(int replicas) {
    new RawPatch(bench.site())
        .send(
            "apis/strata.dev/v1alpha1",
            "agentpools/" + name + "/scale",
            RawPatch.MERGE,
            "{\"spec\":{\"replicas\":" + replicas + "}}");
  }

  /** Scales to nothing and waits until the pods are gone. */
  void empty(Duration limit) {
    scale(0);
    Waiting.untilSeldom(
        limit, () -> pods().isEmpty(), () -> pods().size() + " pods of " + name + " go");
  }

  /** Patches spec.warm.target. */
  void spares(int target) {
    object().patch(MERGE, "{\"spec\":{\"warm\":{\"target\":" + target + "}}}");
  }

  /** Patches an annotation, which makes the operator look at the pool. */
  void annotate(String key, String value) {
    object().patch(MERGE, "{\"metadata\":{\"annotations\":{\"" + key + "\":\"" + value + "\"}}}");
  }

  /** Deletes it and waits until its pods are gone. */
  void delete(Duration limit) {
    object().delete();
    Waiting.untilSeldom(
        limit, () -> pods().isEmpty(), () -> pods().size() + " pods of " + name + " go");
  }

  Resource<AgentPool> object() {
    return bench
        .site()
        .client()
        .resources(AgentPool.class)
        .inNamespace(bench.site().namespace())
        .withName(name);
  }

  List<Pod> pods() {
    return bench
        .site()
        .client()
        .pods()
        .inNamespace(bench.site().namespace())
        .withLabel("strata.dev/pool", name)
        .list()
        .getItems();
  }

  /** Names of spares that are heard. */
  List<String> spareNames() {
    return bench.lives().now(uid, Role.SPARE).stream().map(l -> l.heartbeat().pod()).toList();
  }

  List<Lives.Life> active() {
    return bench.lives().now(uid, Role.ACTIVE);
  }

  /** Waits until exactly so many agents are heard as active and as spare, and no other. */
  void awaitHeard(int active, int spares, Duration limit) {
    Waiting.until(
        limit,
        () ->
            active().size() == active
                && spareNames().size() == spares
                && bench.lives().now(uid, Role.DRAINING).isEmpty(),
        () ->
            "%s has %d active and %d spare agents; it has %d and %d: %s"
                .formatted(
                    name, active, spares, active().size(), spareNames().size(), object().get()));
  }
}
