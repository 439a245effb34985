package dev.strata.e2e;

import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.AuditLog;
import dev.strata.harness.Cluster;
import dev.strata.harness.OperatorProcess;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The shared cluster's operator and a second one; at the end the first one is alone again. */
final class Replicas implements AutoCloseable {
  private static final Set<String> READS = Set.of("get", "list", "watch");

  private final Cluster cluster;
  private final OperatorProcess first;
  private final OperatorProcess second;

  private Replicas(Cluster cluster, String... options) {
    this.cluster = cluster;
    this.first = cluster.operator();
    this.second = cluster.anotherOperator("strata-operator-1", options);
  }

  /**
   * @param options of the second one's JVM
   */
  static Replicas on(Cluster cluster, String... options) {
    var replicas = new Replicas(cluster, options);
    replicas.second.start();
    return replicas;
  }

  OperatorProcess leader() {
    eventually(
        PATIENCE,
        () -> assertThat(cluster.leader()).as("leader").isIn(first.name(), second.name()));
    return cluster.leader().equals(first.name()) ? first : second;
  }

  OperatorProcess otherThan(OperatorProcess one) {
    return one == first ? second : first;
  }

  void awaitLeader(OperatorProcess wanted) {
    eventually(PATIENCE, () -> assertThat(cluster.leader()).isEqualTo(wanted.name()));
  }

  /**
   * @param process that is to end; another one may have been started in its place already
   */
  void awaitEnd(OperatorProcess one, long process) {
    eventually(
        PATIENCE,
        () ->
            assertThat(one.isRunning() && one.pid() == process)
                .as("%s runs", one.name())
                .isFalse());
  }

  /**
   * What one changed after the other had first written to the lease; Events change nothing, nor do
   * the questions about its own rights that it asks when it is started again.
   */
  List<AuditLog.Entry> changesAfter(OperatorProcess one, OperatorProcess successor, Instant from) {
    Instant taken =
        cluster
            .audit()
            .entries(e -> e.isBy(successor) && e.isLeadership() && !isRead(e) && e.succeeded())
            .stream()
            .map(AuditLog.Entry::at)
            .filter(at -> at.isAfter(from))
            .min(Instant::compareTo)
            .orElseThrow();
    return cluster
        .audit()
        .entries(
            e ->
                e.isBy(one)
                    && e.at().isAfter(taken)
                    && e.succeeded()
                    && !isRead(e)
                    && !e.isLeadership()
                    && !e.resource().equals("events")
                    && !e.isQuestion());
  }

  private static boolean isRead(AuditLog.Entry entry) {
    return READS.contains(entry.verb());
  }

  @Override
  public void close() {
    if (first.isRunning()) {
      first.thaw();
    }
    if (!first.isRunning()) {
      first.start();
    }
    // It gives back a lease that it has, so the first one need not wait until it runs out.
    second.stop();
    awaitLeader(first);
  }
}
