package dev.strata.e2e;

import dev.strata.harness.node.ProcessNode;

/** Something that happens in a story. */
@FunctionalInterface
interface Event {
  void happensIn(Story story);

  /** SIGKILL to all processes of the agent's pod. */
  static Event agentDies(String identity) {
    return story -> {
      String pod = story.podOf(identity).getMetadata().getName();
      story.cluster().nodeOf(pod).killPod(pod);
    };
  }

  /** SIGSTOP to all processes of the pod. */
  static Event podFreezes(String pod) {
    return story -> story.cluster().nodeOf(pod).freezePod(pod);
  }

  /** SIGCONT to all processes of the pod. */
  static Event podThaws(String pod) {
    return story -> story.cluster().nodeOf(pod).thawPod(pod);
  }

  static Event nodeDies(String node) {
    return story -> story.cluster().node(node).kill();
  }

  static Event nodeIsCutOff(String node) {
    return story -> {
      story.cluster().node(node).cutOffFromApi();
      story.awaitNode(node, false);
    };
  }

  static Event nodeHeals(String node) {
    return story -> {
      ProcessNode healed = story.cluster().node(node);
      healed.heal();
      story.awaitNode(node, true);
    };
  }

  static Event poolIsScaledTo(String pool, int replicas) {
    return story -> story.kubectl("scale", "ap/" + pool, "--replicas=" + replicas);
  }

  /** A JSON merge patch, as kubectl patch sends it. */
  static Event poolIsPatched(String pool, String patch) {
    return story -> story.kubectl("patch", "ap/" + pool, "--type=merge", "-p", patch);
  }

  static Event operatorDies() {
    return story -> story.cluster().operator().kill();
  }

  static Event operatorStarts() {
    return story -> story.cluster().operator().start();
  }

  static Event natsIsRestarted() {
    return story -> {
      natsEnds().happensIn(story);
      natsStarts().happensIn(story);
    };
  }

  static Event natsEnds() {
    return story -> story.cluster().nats().kill();
  }

  static Event natsStarts() {
    return story -> story.cluster().nats().start();
  }
}
