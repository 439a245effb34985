package dev.strata.core.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is said of a pool: Ready always, SparesReady when spares are wanted, the others only while
 * they hold. Ready is False only while something is awaited, as kstatus has it.
 */
public final class PoolConditions {
  private PoolConditions() {}

  /**
   * One condition.
   *
   * @param type its type
   * @param holds True or False
   * @param reason one word for machines
   * @param message a sentence for people that says what to do where somebody has to do something
   */
  public record Verdict(String type, boolean holds, String reason, String message) {}

  /** The conditions that follow from a plan, in the order in which they are shown. */
  public static List<Verdict> judge(Plan plan) {
    PoolFacts facts = plan.facts();
    List<Verdict> verdicts = new ArrayList<>();
    Optional<Verdict> stalled = stalled(plan);
    Optional<Verdict> blocked = blocked(plan);
    Optional<Verdict> suspended = hold(plan, "RecoverySuspended", Reason.RecoverySuspended);
    verdicts.add(ready(facts, stalled.or(() -> blocked).or(() -> suspended)));
    if (facts.sparesWanted() > 0) {
      verdicts.add(
          new Verdict(
              "SparesReady",
              facts.spares() >= facts.sparesWanted(),
              facts.spares() >= facts.sparesWanted() ? "SparesReady" : "Refilling",
              facts.spares() + " of " + facts.sparesWanted() + " spares are ready"));
    }
    if (facts.updated() < facts.active()) {
      verdicts.add(
          new Verdict(
              "Reconciling",
              true,
              "Updating",
              facts.updated() + " of " + facts.active() + " agents have the current template"));
    }
    stalled.ifPresent(verdicts::add);
    blocked.ifPresent(verdicts::add);
    suspended.ifPresent(verdicts::add);
    hold(plan, "ScaleHeld", Reason.ScaleHeld).ifPresent(verdicts::add);
    hold(plan, "RolloutHeld", Reason.RolloutHeld).ifPresent(verdicts::add);
    return verdicts;
  }

  private static Verdict ready(PoolFacts facts, Optional<Verdict> obstacle) {
    String count = facts.ready() + " of " + facts.desired() + " agents are ready";
    if (facts.ready() >= facts.desired()) {
      return new Verdict("Ready", true, "AgentsReady", count);
    }
    return obstacle
        .map(o -> new Verdict("Ready", false, o.reason(), count + ". " + o.message()))
        .orElseGet(
            () ->
                new Verdict(
                    "Ready",
                    false,
                    "Starting",
                    count + ", " + facts.starting() + " pods are starting"));
  }

  private static Optional<Verdict> stalled(Plan plan) {
    Optional<Verdict> breaker = hold(plan, "Stalled", Reason.BreakerOpen);
    if (breaker.isPresent()) {
      return breaker;
    }
    return plan.facts().troubles().stream()
        .filter(trouble -> !trouble.unschedulable())
        .findFirst()
        .map(trouble -> new Verdict("Stalled", true, trouble.reason(), advice(trouble)));
  }

  private static Optional<Verdict> blocked(Plan plan) {
    return hold(plan, "CreationBlocked", Reason.Unschedulable)
        .or(() -> hold(plan, "CreationBlocked", Reason.QuotaExceeded))
        .or(() -> hold(plan, "CreationBlocked", Reason.LimitRange))
        .or(() -> hold(plan, "CreationBlocked", Reason.Forbidden))
        .or(() -> hold(plan, "CreationBlocked", Reason.CrashLoop));
  }

  private static Optional<Verdict> hold(Plan plan, String type, Reason reason) {
    return plan.of(Action.Hold.class).stream()
        .filter(hold -> hold.why() == reason)
        .findFirst()
        .map(hold -> new Verdict(type, true, reason.name(), hold.note() + remedy(reason)));
  }

  private static String remedy(Reason reason) {
    return switch (reason) {
      case Unschedulable ->
          ". Add a node or room on one, or lower spec.template.resources or spec.replicas";
      case QuotaExceeded ->
          ". Raise the ResourceQuota of the namespace, or lower spec.replicas, spec.warm or spec.template.resources";
      case LimitRange ->
          ". Set spec.template.resources to what the LimitRange of the namespace allows";
      case Forbidden -> ". Change spec.template to what the namespace admits";
      default -> "";
    };
  }

  private static String advice(Trouble trouble) {
    String what = trouble.message().strip();
    return switch (trouble.reason()) {
      case "ErrImagePull", "ImagePullBackOff", "InvalidImageName" ->
          "the image cannot be pulled: " + what + ". Correct spec.template.image";
      case "CreateContainerConfigError" ->
          "the container cannot be configured: "
              + what
              + ". Create what is missing or correct spec.template.env";
      case "StartError", "RunContainerError", "ContainerCannotRun" ->
          "the container cannot be started: "
              + what
              + ". Correct spec.template.command or the image";
      default -> trouble.reason() + ": " + what;
    };
  }
}
