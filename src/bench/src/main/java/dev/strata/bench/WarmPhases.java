package dev.strata.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.harness.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the time of warm spawns goes, by what the API server's audit log says of the two writes on
 * their way: the bench's scale and the operator's Lease.
 */
final class WarmPhases {
  private final Bench bench;
  private final List<Double> scale = new ArrayList<>();
  private final List<Double> decide = new ArrayList<>();
  private final List<Double> identity = new ArrayList<>();
  private final List<Double> active = new ArrayList<>();
  private final List<Double> task = new ArrayList<>();

  WarmPhases(Bench bench) {
    this.bench = bench;
  }

  /**
   * Adds the agents of one scale-up.
   *
   * @param wall when the clock started, as the API server's clock shows it
   * @param began the same moment as a reading of the monotonic clock
   */
  void add(Instant wall, long began, List<Lives.Life> agents) {
    List<AuditLog.Entry> entries = bench.site().audit().between(wall, Instant.now());
    var scaled = entries.stream().filter(e -> e.resource().equals("agentpools")).findFirst();
    Map<String, AuditLog.Entry> leases =
        entries.stream()
            .filter(e -> e.resource().equals("leases") && e.succeeded())
            .collect(
                Collectors.toMap(WarmPhases::holder, Function.identity(), (first, next) -> next));
    for (Lives.Life agent : agents) {
      AuditLog.Entry lease = leases.get(agent.heartbeat().podUid());
      if (scaled.isPresent() && lease != null) {
        scale.add(millis(wall, scaled.get().answered()));
        decide.add(millis(scaled.get().answered(), lease.at()));
        identity.add(millis(lease.at(), lease.answered()));
        active.add(Waiting.millis(began, agent.active()) - millis(wall, lease.answered()));
        task.add(Waiting.millis(agent.active(), agent.taken()));
      }
    }
  }

  private static String holder(AuditLog.Entry lease) {
    JsonNode object = lease.responseObject();
    return object == null ? "" : object.path("spec").path("holderIdentity").asText();
  }

  private static double millis(Instant from, Instant until) {
    return Duration.between(from, until).toNanos() / 1e6;
  }

  List<BenchReport.Row> rows(String arm) {
    return List.of(
        BenchReport.Row.of(arm, "1 scale_written_ms", scale),
        BenchReport.Row.of(arm, "2 decided_ms", decide),
        BenchReport.Row.of(arm, "3 identity_written_ms", identity),
        BenchReport.Row.of(arm, "4 active_ms", active),
        BenchReport.Row.of(arm, "5 task_taken_ms", task));
  }
}
