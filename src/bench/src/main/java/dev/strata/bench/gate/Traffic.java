package dev.strata.bench.gate;

import dev.strata.core.signal.Counts;
import java.util.SplittableRandom;

/** What happens in one second of a world. It may remember: each seed has one of its own. */
interface Traffic {
  Counts at(long second, SplittableRandom random);

  /**
   * Events that do not know of each other.
   *
   * @param perWindow how many there are in a window, in the mean
   * @param share how many of them are good, 0 to 1
   */
  static Traffic steady(double perWindow, double share) {
    return bursts(perWindow, 1, share);
  }

  /** Events that come so many at once and are good or bad together. */
  static Traffic bursts(double perWindow, int size, double share) {
    double rate = perWindow / World.WINDOW_SECONDS / size;
    return (second, random) -> draw(random, rate, size, share);
  }

  /**
   * The share wanders: a first-order autoregressive process.
   *
   * @param deviation standard deviation of the share
   * @param memorySeconds after which a deviation has fallen to its e-th part
   */
  static Traffic wandering(double perWindow, double share, double deviation, double memorySeconds) {
    double rate = perWindow / World.WINDOW_SECONDS;
    double kept = Math.exp(-1 / memorySeconds);
    double noise = deviation * Math.sqrt(1 - kept * kept);
    double[] off = {Double.NaN};
    return (second, random) -> {
      off[0] =
          Double.isNaN(off[0])
              ? deviation * random.nextGaussian()
              : kept * off[0] + noise * random.nextGaussian();
      return draw(random, rate, 1, Math.clamp(share + off[0], 0, 1));
    };
  }

  /** The rate of events follows the day: from nearly none to nearly twice the mean. */
  static Traffic diurnal(double perWindow, double share) {
    double rate = perWindow / World.WINDOW_SECONDS;
    return (second, random) ->
        draw(random, rate * (1 - 0.95 * Math.cos(2 * Math.PI * second / 86_400)), 1, share);
  }

  /** The share is high for so long, low for so long, and so on. */
  static Traffic square(double perWindow, int half, double high, double low) {
    double rate = perWindow / World.WINDOW_SECONDS;
    return (second, random) -> draw(random, rate, 1, second / half % 2 == 0 ? high : low);
  }

  /** Some of many agents have a share of their own; all have the same load. */
  static Traffic sick(double perWindow, int agents, int sick, double share, double sickShare) {
    double rate = perWindow / World.WINDOW_SECONDS;
    return (second, random) -> {
      Counts well = draw(random, rate * (agents - sick) / agents, 1, share);
      return well.plus(draw(random, rate * sick / agents, 1, sickShare));
    };
  }

  /** A Poisson number of bursts, by Knuth's product of uniform numbers. */
  private static Counts draw(SplittableRandom random, double rate, int size, double share) {
    double end = Math.exp(-rate);
    long good = 0;
    long total = 0;
    for (double product = random.nextDouble(); product > end; product *= random.nextDouble()) {
      total += size;
      good += random.nextDouble() < share ? size : 0;
    }
    return new Counts(good, total);
  }
}
