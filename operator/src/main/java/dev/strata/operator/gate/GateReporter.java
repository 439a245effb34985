package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.ActionStatus;
import dev.strata.api.v1alpha1.Condition;
import dev.strata.api.v1alpha1.ObjectiveStatus;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateStatus;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.Figures;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Measure;
import dev.strata.core.gate.Row;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.Standing;
import dev.strata.core.gate.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gate's watch says, as the gate's status. */
final class GateReporter {
  private final GateBoard board;

  GateReporter(GateBoard board) {
    this.board = board;
  }

  /** The status of a gate that is being evaluated. */
  QualityGateStatus judged(Watch watch, @Nullable QualityGateStatus before) {
    QualityGate gate = watch.gate();
    List<Row> rows = watch.rows();
    List<Said> said = new ArrayList<>();
    said.add(
        new Said(
            "Ready",
            Verdict.Met,
            "Evaluating",
            watch.targets().size() + " objectives are being evaluated"));
    said.addAll(watch.conditions());
    List<ObjectiveStatus> shown = new ArrayList<>();
    Measured measured = board.measured(watch.poolUid());
    int most = gate.getSpec().reporting().worst();
    for (int i = 0; i < rows.size(); i++) {
      shown.add(row(watch.targets().get(i), rows.get(i), measured, most));
    }
    return new QualityGateStatus(
        gate.getMetadata().getGeneration(),
        gate.getSpec().poolRef().name(),
        count(rows, Verdict.Met) + "/" + rows.size(),
        (int) count(rows, Verdict.Violated),
        (int) count(rows, Verdict.Unknown),
        worst(rows),
        gate.getSpec().mode(),
        shown,
        watch.deeds(),
        conditions(gate, said, before));
  }

  /**
   * The status of a gate that is not evaluated.
   *
   * @param ready what is said of Ready, and of Stalled where somebody has to change something
   * @param last how it was judged when it could be, and what it still holds; null: it holds nothing
   */
  QualityGateStatus idle(
      QualityGate gate,
      List<Said> ready,
      String reason,
      @Nullable Watch last,
      @Nullable QualityGateStatus before) {
    List<Said> said = new ArrayList<>(ready);
    List<ActionStatus> did = before == null ? List.of() : before.actions();
    String allowed = "nothing is judged";
    if (last != null) {
      Enforcer.enforcing(last.holds()).ifPresent(said::add);
      did = last.deeds();
      allowed = "the spec before goes on holding what it holds, and does nothing else";
    }
    said.add(new Said("EnforcementAllowed", Verdict.Violated, reason, allowed));
    said.add(new Said("Satisfied", Verdict.Unknown, reason, ready.getFirst().message()));
    return new QualityGateStatus(
        gate.getMetadata().getGeneration(),
        gate.getSpec().poolRef().name(),
        null,
        null,
        null,
        null,
        gate.getSpec().mode(),
        List.of(),
        did,
        conditions(gate, said, before));
  }

  private static long count(List<Row> rows, Verdict verdict) {
    return rows.stream().filter(r -> r.standing().verdict() == verdict).count();
  }

  private static @Nullable String worst(List<Row> rows) {
    return rows.stream()
        .filter(r -> r.standing().verdict() == Verdict.Violated)
        .min(Row.WORST_FIRST)
        .map(r -> r.objective().name())
        .orElse(null);
  }

  private ObjectiveStatus row(Target target, Row row, Measured measured, int most) {
    Standing standing = row.standing();
    Evidence evidence = row.evidence();
    String provider = measured.provider(target);
    boolean met = standing.verdict() == Verdict.Met;
    boolean measurable = evidence.lacking() == null && !Double.isNaN(evidence.estimate());
    return new ObjectiveStatus(
        row.objective().name(),
        row.objective().layer().name(),
        row.objective().required() ? "Required" : "Advisory",
        standing.verdict().name(),
        standing.cause() != null
            ? standing.cause().name()
            : standing.flapping() ? "Flapping" : null,
        measurable
            ? Measure.show(evidence.estimate(), target.kind(), bound(target.objective().rule()))
            : null,
        target.target(),
        measurable && !met ? Measure.show(evidence.bound(), target.kind()) : null,
        measurable ? evidence.samples() : null,
        Double.isNaN(evidence.coverage()) ? null : Figures.share(evidence.coverage()),
        target.window(),
        target.estimator(),
        provider.isEmpty() ? null : provider,
        measured.beside(target, evidence, board.now()),
        Instant.ofEpochMilli(standing.sinceMillis()).truncatedTo(ChronoUnit.SECONDS).toString(),
        met ? List.of() : measured.worst(target, most, board.now()));
  }

  private static double bound(Rule rule) {
    return switch (rule) {
      case Rule.Share share -> share.atLeast();
      case Rule.Ratio ratio -> ratio.bound();
      case Rule.Value value -> value.bound();
      case Rule.Slices slices -> Double.NaN;
      case Rule.Trend trend -> Double.NaN;
    };
  }

  private List<Condition> conditions(
      QualityGate gate, List<Said> said, @Nullable QualityGateStatus before) {
    String now = Instant.ofEpochMilli(board.now()).truncatedTo(ChronoUnit.SECONDS).toString();
    List<Condition> old = before == null ? List.of() : before.conditions();
    return said.stream()
        .map(
            s -> {
              String status = GateBoard.status(s.status());
              return new Condition(
                  s.type(),
                  status,
                  s.reason(),
                  s.message(),
                  Condition.since(old, s.type(), status, now),
                  gate.getMetadata().getGeneration());
            })
        .toList();
  }
}
