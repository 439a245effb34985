package dev.strata.bench.gate;

import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.Judge;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.ShareEstimator;
import dev.strata.core.gate.Standing;
import dev.strata.core.gate.Verdict;
import dev.strata.core.gate.Window;
import dev.strata.core.signal.CountRing;
import java.util.List;

/** A way of judging. It remembers: each seed has one of its own. */
interface Arm {
  /** The names, in the order of {@link #all}. */
  List<String> NAMES = List.of("naive", "3-in-a-row", "deadband", "ours");

  /** Where the one stands that counts. */
  int OURS = 3;

  /** The verdict of this second. */
  Verdict look(Moment moment);

  /** One of each. */
  static List<Arm> all(Objective objective) {
    double target = target(objective);
    return List.of(naive(target), threeInARow(target), deadband(target), ours(objective));
  }

  /** The estimate of each second is the verdict. */
  static Arm naive(double target) {
    return moment -> point(moment, target);
  }

  /** The same, once it has been so for three seconds running. */
  static Arm threeInARow(double target) {
    var said =
        new Object() {
          Verdict verdict = Verdict.Unknown;
          Verdict last = Verdict.Unknown;
          int run;
        };
    return moment -> {
      Verdict now = point(moment, target);
      said.run = now == said.last ? said.run + 1 : 1;
      said.last = now;
      if (said.run >= 3) {
        said.verdict = now;
      }
      return said.verdict;
    };
  }

  /** Violated below the target, and Met again where a fifth fewer are bad. */
  static Arm deadband(double target) {
    var said =
        new Object() {
          Verdict verdict = Verdict.Unknown;
        };
    return moment -> {
      boolean violated = said.verdict == Verdict.Violated;
      said.verdict = point(moment, violated ? target + 0.2 * (1 - target) : target);
      return said.verdict;
    };
  }

  private static Verdict point(Moment moment, double target) {
    if (moment.window().total() == 0) {
      return Verdict.Unknown;
    }
    return moment.window().share() >= target ? Verdict.Met : Verdict.Violated;
  }

  private static double target(Objective objective) {
    return ((Rule.Share) objective.rule()).atLeast();
  }

  /** What the operator does each second, and its successor. */
  static Arm ours(Objective objective) {
    double target = target(objective);
    Window window = objective.window();
    var at =
        new Object() {
          Standing standing = Standing.begin(Cause.Warming, 0);
          Standing kept = standing;
        };
    return moment -> {
      long now = moment.millis();
      if (moment.operator() == Operator.RESTORED) {
        at.standing = at.kept;
      } else if (moment.operator() == Operator.ANEW) {
        at.standing = Standing.begin(Cause.Warming, now);
      }
      CountRing ring = moment.ring();
      Evidence evidence;
      if (ring == null) {
        evidence = ShareEstimator.estimate(moment.window(), target, moment.mark());
      } else {
        evidence = ShareEstimator.glance(ring, target, window, now);
        if (Judge.due(objective, at.standing, evidence.covered(moment.heard()), now)) {
          evidence = ShareEstimator.estimate(ring, target, window, now);
        }
      }
      evidence = evidence.covered(moment.heard());
      at.standing = Judge.next(objective, at.standing, evidence, now);
      if (moment.operator() == Operator.KEEPS) {
        at.kept = at.standing;
      }
      return at.standing.verdict();
    };
  }
}
