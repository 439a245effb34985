package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Reason;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Tells people what was done, as Events: one per kind and reason of a plan, however many agents it
 * was about. Refilling and clearing away go to the log only. At most {@value #PENDING} wait to be
 * written; more are dropped, the log has them.
 */
final class Narrator {
  private static final Logger LOG = Logger.getLogger(Narrator.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
  private static final int PENDING = 100;
  private static final int MESSAGE_LIMIT = 1000;
  private static final Set<Reason> QUIET =
      Set.of(
          Reason.WarmRefill,
          Reason.Surplus,
          Reason.Drained,
          Reason.Recovered,
          Reason.Superseded,
          Reason.LabelRepaired,
          Reason.ColdStart,
          Reason.Outdated);
  private static final Set<Reason> WARNINGS =
      Set.of(
          Reason.AgentLost,
          Reason.AgentFailed,
          Reason.NodeLost,
          Reason.DrainTimedOut,
          Reason.StartTimedOut,
          Reason.CrashLoop,
          Reason.BreakerOpen,
          Reason.Unschedulable,
          Reason.QuotaExceeded,
          Reason.LimitRange,
          Reason.Forbidden,
          Reason.RecoverySuspended);

  private final KubernetesClient client;
  private final ExecutorService executor;
  private final Clock clock;
  private final String identity;
  private final Semaphore pending = new Semaphore(PENDING);

  Narrator(KubernetesClient client, ExecutorService executor, Clock clock, String identity) {
    this.client = client;
    this.executor = executor;
    this.clock = clock;
    this.identity = identity;
  }

  /** Tells of what was carried out. */
  void tell(AgentPool pool, List<Action> actions) {
    record Kind(String verb, Reason why) {}
    Map<Kind, List<Action>> groups = new LinkedHashMap<>();
    for (Action action : actions) {
      if (!QUIET.contains(action.why())
          && action.changes()
          && !(action instanceof Action.Release)) {
        groups
            .computeIfAbsent(
                new Kind(action.getClass().getSimpleName(), action.why()),
                k -> new java.util.ArrayList<>())
            .add(action);
      }
    }
    groups.forEach(
        (kind, group) ->
            tell(
                pool,
                kind.verb(),
                kind.why().name(),
                WARNINGS.contains(kind.why()),
                message(group)));
  }

  /** Tells of one thing. */
  void tell(HasMetadata about, String verb, String reason, boolean warning, String message) {
    if (!pending.tryAcquire()) {
      return;
    }
    var now = clock.instant().atZone(ZoneOffset.UTC);
    var event =
        new EventBuilder()
            .withNewMetadata()
            // A dot at the end, as in the names of older Events, is refused here.
            .withGenerateName(about.getMetadata().getName() + "-")
            .withNamespace(about.getMetadata().getNamespace())
            .endMetadata()
            .withEventTime(new MicroTime(MICROS.format(now)))
            .withReportingController("strata.dev/operator")
            .withReportingInstance(identity)
            .withAction(verb)
            .withReason(reason)
            .withType(warning ? "Warning" : "Normal")
            .withNote(
                message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) : message)
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(about.getApiVersion())
                    .withKind(about.getKind())
                    .withName(about.getMetadata().getName())
                    .withNamespace(about.getMetadata().getNamespace())
                    .withUid(about.getMetadata().getUid())
                    .build())
            .build();
    executor.execute(
        () -> {
          try {
            client.resource(event).create();
          } catch (KubernetesClientException e) {
            LOG.warnf("the Event \"%s\" was not written: %s", message, e.getMessage());
          } finally {
            pending.release();
          }
        });
  }

  private static String message(List<Action> group) {
    String verb =
        switch (group.getFirst()) {
          case Action.Activate a -> a.from() == null ? "Started " : "Replaced ";
          case Action.Create c -> "Creating ";
          case Action.Drain d -> "Draining ";
          case Action.Retire r -> "Removing ";
          case Action.Release r -> "Releasing ";
          case Action.Relabel r -> "Relabelled ";
          case Action.Evict e -> "Evicting ";
          case Action.Quarantine q -> "Quarantining ";
          case Action.Hold h -> "";
          case Action.Forgo f -> "";
        };
    return group.size() == 1
        ? verb + group.getFirst().sentence()
        : verb
            + group.size()
            + " agents: "
            + String.join("; ", group.stream().map(Action::sentence).limit(5).toList())
            + (group.size() > 5 ? "; ..." : "");
  }
}
