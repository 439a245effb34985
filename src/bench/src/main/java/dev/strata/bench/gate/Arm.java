package dev.strata.bench.gate;

import dev.strata.core.gate.Cause;
import dev.strata.core.gate.Evidence;
import dev.strata.core.gate.Judge;
import dev.strata.core.gate.Layer;
import dev.strata.core.gate.Objective;
import dev.strata.core.gate.Rule;
import dev.strata.core.gate.ShareEstimator;
import dev.strata.core.gate.Standing;
import dev.strata.core.gate.Verdict;
import dev.strata.core.gate.Window;
import java.time.Duration;
import java.util.List;

/** A way of judging. It remembers: each seed has one of its own. */
interface Arm {
  /** The window, target and samples of response-time, which most targets share. */
  Objective OBJECTIVE =
      new Objective(
          "response-time",
          Layer.Application,
          true,
          new Rule.Share(World.TARGET),
          Window.of(Duration.ofSeconds(World.WINDOW_SECONDS)),
          59,
          1);

  /** The names, in the order of {@link #all}. */
  List<String> NAMES = List.of("naive", "3-in-a-row", "deadband", "ours");

  /** Where the one stands that counts. */
  int OURS = 3;

  /** The verdict of this second. */
  Verdict look(Moment moment);

  /** One of each. */
  static List<Arm> all() {
    return List.of(naive(), threeInARow(), deadband(), ours());
  }

  /** The estimate of each second is the verdict. */
  static Arm naive() {
    return moment -> point(moment, World.TARGET);
  }

  /** The same, once it has been so for three seconds running. */
  static Arm threeInARow() {
    var said =
        new Object() {
          Verdict verdict = Verdict.Unknown;
          Verdict last = Verdict.Unknown;
          int run;
        };
    return moment -> {
      Verdict now = point(moment, World.TARGET);
      said.run = now == said.last ? said.run + 1 : 1;
      said.last = now;
      if (said.run >= 3) {
        said.verdict = now;
      }
      return said.verdict;
    };
  }

  /** Violated below the target, and Met again a point above it. */
  static Arm deadband() {
    var said =
        new Object() {
          Verdict verdict = Verdict.Unknown;
        };
    return moment -> {
      boolean violated = said.verdict == Verdict.Violated;
      said.verdict = point(moment, violated ? World.TARGET + 0.01 : World.TARGET);
      return said.verdict;
    };
  }

  private static Verdict point(Moment moment, double target) {
    if (moment.window().total() == 0) {
      return Verdict.Unknown;
    }
    return moment.window().share() >= target ? Verdict.Met : Verdict.Violated;
  }

  /** What the operator does each second. */
  static Arm ours() {
    var at =
        new Object() {
          Standing standing = Standing.begin(Cause.Warming, 0);
        };
    return moment -> {
      Window window = OBJECTIVE.window();
      long now = moment.millis();
      Evidence glance =
          ShareEstimator.glance(moment.ring(), World.TARGET, window, now).covered(moment.heard());
      Evidence evidence =
          Judge.due(OBJECTIVE, at.standing, glance, now)
              ? ShareEstimator.estimate(moment.ring(), World.TARGET, window, now)
                  .covered(moment.heard())
              : glance;
      at.standing = Judge.next(OBJECTIVE, at.standing, evidence, now);
      return at.standing.verdict();
    };
  }
}
