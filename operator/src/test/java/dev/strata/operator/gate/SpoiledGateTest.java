package dev.strata.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import dev.strata.protocol.Checkpoints;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gate that cannot be judged as it is written: what its pool says, and what stays of it. */
class SpoiledGateTest {
  private static final String SPAWN =
      """
      metadata: {name: %s, namespace: here}
      spec:
        poolRef: {name: research}
        profiles: []
        objectives:
          - name: spawn
            title: 95%% of agents are there within 500ms
            signal: spawn
            threshold: 500ms
            share: {atLeast: 95%%}
            windowSeconds: 300
            minSamples: 59
            severity: Required
            weight: 1
        mode: Enforce
        enforcement:
          - action: HoldScaleDown
            objectives: [spawn]
            maxSeconds: 600
          - action: Rollback
            objectives: [spawn]
            maxSeconds: 600
      """;

  private final OnePool pools = new OnePool();
  private final GateBoard board = new GateBoard(new SimpleMeterRegistry());
  private final List<QualityGate> existing = new ArrayList<>();

  @BeforeEach
  void start() {
    board.start(
        pools,
        new Checkpoints() {
          @Override
          public void save(String pool, String namespace, byte[] checkpoint) {}

          @Override
          public Optional<byte[]> load(String pool) {
            return Optional.empty();
          }
        });
    board.gates(gate -> {}, () -> List.copyOf(existing));
    // It is judged by hand, and not in between.
    board.end();
  }

  private QualityGate gate(String name) {
    QualityGate gate = GateDesk.gate(SPAWN.formatted(name));
    existing.add(gate);
    return gate;
  }

  /** Each agent was there after so long. */
  private Watch take(QualityGate gate, long tookMillis) throws BadGateException {
    List<Target> targets = GateDesk.compile(SPAWN.formatted(gate.getMetadata().getName()));
    Watch watch = board.take(gate, GateDesk.POOL, targets);
    board.looked(gate);
    for (int i = 0; i < 100; i++) {
      board.measured(GateDesk.POOL).timed("spawn", tookMillis, board.now());
    }
    // Violated takes two steps, of which each wants something new.
    for (int step = 1; step <= 2; step++) {
      watch.evaluate(board.measured(GateDesk.POOL), board.now() + step * 11_000L);
      board.measured(GateDesk.POOL).timed("spawn", tookMillis, board.now());
    }
    return watch;
  }

  @Test
  void oneThatCannotBeJudgedMakesThePoolsGatesUnknown() throws BadGateException {
    take(gate("good"), 1);
    assertThat(board.verdict(GateDesk.POOL).orElseThrow().reason()).isEqualTo("AllSatisfied");

    QualityGate bad = gate("bad");
    board.spoiled(bad, GateDesk.POOL, "SpecInvalid");
    var said = board.verdict(GateDesk.POOL).orElseThrow();
    assertThat(said.status()).isEqualTo(Verdict.Unknown);
    assertThat(said.message()).isEqualTo("gate bad: SpecInvalid");
    assertThat(pools.judged).isNotEmpty();

    board.remove(bad);
    assertThat(board.verdict(GateDesk.POOL).orElseThrow().reason()).isEqualTo("AllSatisfied");
  }

  @Test
  void aBadEditHoldsOnAndDoesNothingWorse() throws BadGateException {
    board.allKnown();
    QualityGate gate = gate("slo");
    Watch watch = take(gate, 2_000);
    assertThat(watch.rows().getFirst().standing().verdict()).isEqualTo(Verdict.Violated);
    assertThat(watch.conditions().getFirst().message())
        .startsWith(
            "spawn is Violated (0%, at best 4%, target >= 95% within 500ms, n 101). 0 of 1 met");
    assertThat(board.enforcement().holds(GateDesk.POOL)).hasSize(1);
    assertThat(board.enforcement().rollbacks(GateDesk.POOL)).hasSize(1);

    assertThat(board.spoiled(gate, GateDesk.POOL, "SpecInvalid")).contains(watch);
    assertThat(board.enforcement().holds(GateDesk.POOL)).hasSize(1);
    assertThat(board.enforcement().rollbacks(GateDesk.POOL)).isEmpty();
    var status = new GateReporter(board).idle(gate, List.of(ready()), "SpecInvalid", watch, null);
    assertThat(status.actions())
        .hasSize(1)
        .first()
        .hasFieldOrPropertyWithValue("outcome", "Holding");
    assertThat(status.conditions()).anyMatch(c -> c.type().equals("Enforcing"));

    // A valid spec takes up where it was.
    QualityGate mended = GateDesk.gate(SPAWN.formatted("slo"));
    mended.getMetadata().setGeneration(3L);
    Watch next = board.take(mended, GateDesk.POOL, watch.targets());
    assertThat(next.rows().getFirst().standing().verdict()).isEqualTo(Verdict.Violated);
    assertThat(next.deeds()).hasSize(1);
    assertThat(board.verdict(GateDesk.POOL).orElseThrow().message())
        .isEqualTo("gate slo: RequiredViolated");
    assertThat(board.enforcement().rollbacks(GateDesk.POOL)).hasSize(1);
  }

  private static Said ready() {
    return new Said("Ready", Verdict.Violated, "SpecInvalid", "wrong");
  }

  @Test
  void whatIsNotEvaluatedKeepsWhatItDid() throws BadGateException {
    QualityGate gate = gate("slo");
    Watch watch = take(gate, 2_000);
    var reporter = new GateReporter(board);
    var before = reporter.judged(watch, null);
    var suspended = reporter.idle(gate, List.of(ready()), "Suspended", null, before);
    assertThat(suspended.actions()).isEqualTo(before.actions()).hasSize(1);

    board.remove(gate);
    gate.setStatus(suspended);
    Watch anew = board.take(gate, GateDesk.POOL, watch.targets());
    assertThat(anew.rows().getFirst().standing().verdict())
        .as("verdicts begin anew")
        .isEqualTo(Verdict.Unknown);
    assertThat(anew.deeds())
        .extracting(a -> a.outcome())
        .as("the hold ended when it was suspended")
        .containsExactly("Holding", "Released");
  }

  @Test
  void aPoolIsCompleteWhenAllItsGatesWereLookedAt() throws BadGateException {
    assertThat(board.complete("here", "research")).as("nothing is known yet").isFalse();
    QualityGate first = gate("first");
    QualityGate second = gate("second");
    board.allKnown();
    take(first, 1);
    assertThat(board.complete("here", "research")).isFalse();
    assertThat(board.complete("here", "other")).isTrue();
    board.spoiled(second, GateDesk.POOL, "SpecInvalid");
    board.looked(second);
    assertThat(board.complete("here", "research")).isTrue();
  }
}
