package dev.strata.bench;

import dev.strata.harness.AuditLog;
import dev.strata.harness.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What leaders wrote after another one had taken the lease, change by change, from the audit log.
 */
final class DeposedWrites {
  private final List<Outcome> outcomes;

  /**
   * A change of leaders.
   *
   * @param at when the old one got its signal
   */
  record Change(String kind, OperatorProcess from, OperatorProcess to, Instant at) {}

  private record Outcome(String kind, double taken, List<AuditLog.Entry> late) {}

  private DeposedWrites(List<Outcome> outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * @param changes all that there were, in their order: what the old leader does counts until the
   *     next one
   */
  static DeposedWrites of(AuditLog audit, List<Change> changes) {
    List<AuditLog.Entry> all = audit.entries(entry -> entry.userAgent().startsWith("strata-"));
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Instant until = i + 1 < changes.size() ? changes.get(i + 1).at() : Instant.MAX;
      outcomes.add(outcome(all, changes.get(i), until));
    }
    return new DeposedWrites(outcomes);
  }

  private static Outcome outcome(List<AuditLog.Entry> all, Change change, Instant until) {
    Instant taken =
        all.stream()
            .filter(e -> e.isBy(change.to()) && e.isLeadership() && e.succeeded())
            .map(AuditLog.Entry::at)
            .filter(at -> at.isAfter(change.at()))
            .min(Instant::compareTo)
            .orElseThrow();
    List<AuditLog.Entry> late =
        all.stream()
            .filter(e -> e.isBy(change.from()) && !e.isLeadership())
            .filter(e -> !e.isQuestion())
            .filter(e -> e.at().isAfter(taken) && e.at().isBefore(until))
            .toList();
    return new Outcome(change.kind(), Duration.between(change.at(), taken).toNanos() / 1e6, late);
  }

  /** Milliseconds from the signal to the new leader's first write to the lease. */
  List<Double> taken(String kind) {
    return outcomes.stream().filter(o -> o.kind().equals(kind)).map(Outcome::taken).toList();
  }

  /** Those that changed something. */
  List<AuditLog.Entry> effective(String kind) {
    return late(kind, entry -> entry.succeeded() && !entry.resource().equals("events"));
  }

  List<AuditLog.Entry> events(String kind) {
    return late(kind, entry -> entry.succeeded() && entry.resource().equals("events"));
  }

  /** Those that reached the API server and were refused there. */
  List<AuditLog.Entry> refused(String kind) {
    return late(kind, entry -> !entry.succeeded());
  }

  private List<AuditLog.Entry> late(String kind, Predicate<AuditLog.Entry> which) {
    return outcomes.stream()
        .filter(o -> o.kind().equals(kind))
        .flatMap(o -> o.late().stream())
        .filter(which)
        .toList();
  }
}
