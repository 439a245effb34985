package dev.strata.bench.gate;

import dev.strata.core.signal.CountRing;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One seed of a world, second by second. */
final class Life {
  /** Two windows: before them nothing can be judged well by anybody. */
  static final int WARM_UP_SECONDS = 2 * World.WINDOW_SECONDS;

  private static final long HOUR = 3600;

  private Life() {}

  private static CountRing ring() {
    return new CountRing(Duration.ofSeconds(10), 400);
  }

  /** What each arm said. */
  static List<Tally> run(World world, long seed) {
    List<Arm> arms = Arm.all();
    List<Tally> tallies = IntStream.range(0, arms.size()).mapToObj(i -> new Tally()).toList();
    long seconds = world.hours() * HOUR;
    pass(
        world,
        seed,
        seconds,
        (second, moment) -> {
          for (int i = 0; i < arms.size(); i++) {
            tallies.get(i).add(arms.get(i).look(moment), second >= WARM_UP_SECONDS);
          }
        });
    return tallies;
  }

  /** Lets so many seconds pass. */
  static void pass(World world, long seed, long seconds, BiConsumer<Long, Moment> each) {
    var random = new SplittableRandom(seed);
    Traffic traffic = world.traffic().get();
    CountRing ring = ring();
    // Steps and slots lie anywhere to each other.
    long begin = random.nextLong(100_000) * 100;
    for (long second = 0; second < seconds; second++) {
      if (world.restartSeconds() > 0 && second % world.restartSeconds() == 0) {
        ring = ring();
      }
      long now = begin + second * 1000;
      var counts = traffic.at(second, random);
      if (counts.total() > 0) {
        ring.add(now, counts.good(), counts.total());
      }
      var window = ring.within(now, Arm.OBJECTIVE.window().span());
      each.accept(second, new Moment(ring, window, world.heard(), now));
    }
  }
}
