package dev.strata.bench.gate;

import dev.strata.core.gate.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A fall of the share, and its return ten minutes later: how long each arm takes to see them.
 *
 * @param perWindow events in a window
 * @param share what it falls to
 */
record Fall(int perWindow, double share) {
  private static final double BEFORE = 0.97;
  private static final int STEADY_SECONDS = 4200;
  private static final int LASTS_SECONDS = 600;
  private static final int AFTER_SECONDS = 3600;

  /**
   * When an arm saw it.
   *
   * @param seen seconds from the fall to Violated; NaN: it did not see it
   * @param left seconds from the return to Met; NaN: not within an hour
   */
  record Seen(double seen, double left) {}

  String name() {
    return "fall to %.0f %%, n %d".formatted(100 * share, perWindow);
  }

  /** What each arm saw. */
  List<Seen> run(long seed) {
    int begin = STEADY_SECONDS + new SplittableRandom(~seed).nextInt(World.WINDOW_SECONDS);
    int end = begin + LASTS_SECONDS;
    Traffic well = Traffic.steady(perWindow, BEFORE);
    Traffic ill = Traffic.steady(perWindow, share);
    Traffic traffic = (second, r) -> (second >= begin && second < end ? ill : well).at(second, r);
    World world = World.of(name(), Verdict.Met, () -> traffic);
    List<Arm> arms = Arm.all(world.objective());
    double[] seen = new double[arms.size()];
    double[] left = new double[arms.size()];
    Arrays.fill(seen, Double.NaN);
    Arrays.fill(left, Double.NaN);
    Life.pass(
        world,
        seed,
        (long) end + AFTER_SECONDS,
        (second, moment) -> {
          for (int i = 0; i < arms.size(); i++) {
            Verdict verdict = arms.get(i).look(moment);
            if (second >= begin && second < end && Double.isNaN(seen[i])) {
              seen[i] = verdict == Verdict.Violated ? second - begin + 1 : Double.NaN;
            }
            if (second >= end && Double.isNaN(left[i])) {
              left[i] = verdict == Verdict.Met ? second - end + 1 : Double.NaN;
            }
          }
        });
    return IntStream.range(0, arms.size()).mapToObj(i -> new Seen(seen[i], left[i])).toList();
  }
}
