package dev.strata.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** A gate as a test writes it down. */
final class GateDraft {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final ObjectNode spec = JSON.createObjectNode();

  private GateDraft(String name, String pool) {
    this.name = name;
    spec.putObject("poolRef").put("name", pool);
  }

  /** A gate over all shipped profiles. */
  static GateDraft gate(String name, String pool) {
    return new GateDraft(name, pool);
  }

  String name() {
    return name;
  }

  GateDraft profiles(String... profiles) {
    var list = spec.putArray("profiles");
    for (String profile : profiles) {
      list.add(profile);
    }
    return this;
  }

  GateDraft mode(String mode) {
    spec.put("mode", mode);
    return this;
  }

  /** Does this while a Required objective is violated. */
  GateDraft enforce(String action) {
    mode("Enforce");
    spec.withArray("/enforcement").addObject().put("action", action);
    return this;
  }

  /** Takes a template back for this. */
  GateDraft rollback(String objective) {
    enforce("Rollback");
    ObjectNode rule = (ObjectNode) spec.withArray("/enforcement").get(0);
    rule.putArray("objectives").add(objective);
    return this;
  }

  /** Keeps more spares while this is violated. */
  GateDraft growWarm(String objective, int spares) {
    enforce("GrowWarm");
    ObjectNode rule = (ObjectNode) spec.withArray("/enforcement").get(0);
    rule.put("spares", spares).putArray("objectives").add(objective);
    return this;
  }

  /** Replaces agents that miss this by themselves. */
  GateDraft evict(String objective, String most) {
    return takeAway("Evict", objective, most);
  }

  /** Replaces agents that miss this by themselves and keeps them to be looked at. */
  GateDraft quarantine(String objective, String most) {
    return takeAway("Quarantine", objective, most);
  }

  private GateDraft takeAway(String action, String objective, String most) {
    mode("Enforce");
    ObjectNode rule = spec.withArray("/enforcement").addObject();
    rule.put("action", action).put("cooldownSeconds", 600).put("budgetPerHour", 2);
    rule.putArray("objectives").add(objective);
    if (most.endsWith("%")) {
      rule.put("maxAffected", most);
    } else {
      rule.put("maxAffected", Integer.parseInt(most));
    }
    return this;
  }

  /** An objective of the gate's own: in most of some seconds so many tasks a second are done. */
  GateDraft ownThroughput(String objective, String least) {
    ObjectNode own = spec.withArray("/objectives").addObject();
    own.put("name", objective).put("title", "Enough is done").put("signal", "throughput");
    own.put("threshold", least).putObject("share").put("atLeast", "80%");
    own.put("windowSeconds", 60).put("minSamples", 14).put("severity", "Advisory").put("weight", 1);
    return this;
  }

  /** An objective of the gate's own, over half a minute. */
  GateDraft ownMemory(String objective, String most) {
    ObjectNode own = spec.withArray("/objectives").addObject();
    own.put("name", objective).put("title", "Agents stay light").put("signal", "agent-memory");
    own.putObject("value").put("atMost", most);
    own.put("windowSeconds", 30).put("minSamples", 10).put("severity", "Required").put("weight", 1);
    return this;
  }

  /** An objective of the gate's own: told of when half of the answers of a minute come too late. */
  GateDraft ownBurn(String objective, String threshold) {
    ObjectNode own = spec.withArray("/objectives").addObject();
    own.put("name", objective).put("title", "Answers come in time").put("signal", "response-time");
    own.put("threshold", threshold).putObject("share").put("atLeast", "90%");
    own.putObject("burn").put("factor", 5).put("longSeconds", 60).put("shortSeconds", 20);
    own.put("windowSeconds", 30).put("minSamples", 29).put("severity", "Advisory").put("weight", 1);
    return this;
  }

  /** Windows of half a minute, so that a test sees a verdict come and go. */
  GateDraft quick(String objective, String threshold, String target, int samples) {
    ObjectNode override =
        spec.withArray("/overrides")
            .addObject()
            .put("objective", objective)
            .put("windowSeconds", 30)
            .put("minSamples", samples);
    if (!threshold.isEmpty()) {
      override.put("threshold", threshold);
    }
    if (!target.isEmpty()) {
      override.put("target", target);
    }
    return this;
  }

  /** How often figures are written that no verdict changes with. */
  GateDraft report(int seconds) {
    spec.putObject("report").put("intervalSeconds", seconds);
    return this;
  }

  /** Without targets that say more of a busy machine than of what is tested. */
  GateDraft without(String... objectives) {
    for (String objective : objectives) {
      spec.withArray("/overrides")
          .addObject()
          .put("objective", objective)
          .put("disabled", true)
          .put("reason", "the machine is shared with other tests");
    }
    return this;
  }

  /** Another target, of the latest events within ten minutes. */
  GateDraft share(String objective, String target, int samples, int events) {
    spec.withArray("/overrides")
        .addObject()
        .put("objective", objective)
        .put("target", target)
        .put("minSamples", samples)
        .put("lastEvents", events)
        .put("windowSeconds", 600);
    return this;
  }

  /** Likewise, and only so many of the latest events. */
  GateDraft quickLast(String objective, int samples, int events) {
    quick(objective, "", "", samples);
    ((ObjectNode) spec.withArray("/overrides").get(spec.withArray("/overrides").size() - 1))
        .put("lastEvents", events);
    return this;
  }

  GenericKubernetesResource resource() {
    ObjectNode gate = JSON.createObjectNode();
    gate.put("apiVersion", "strata.dev/v1alpha1").put("kind", "QualityGate");
    gate.putObject("metadata").put("name", name);
    gate.set("spec", spec);
    return JSON.convertValue(gate, GenericKubernetesResource.class);
  }
}
