package dev.strata.bench.gate;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One seed of a world, second by second. */
final class Life {
  private static final long HOUR = 3600;

  private Life() {}

  /** What each arm said. */
  static List<Tally> run(World world, long seed) {
    List<Arm> arms = Arm.all(world.objective());
    List<Tally> tallies = IntStream.range(0, arms.size()).mapToObj(i -> new Tally()).toList();
    pass(
        world,
        seed,
        world.hours() * HOUR,
        (second, moment) -> {
          boolean counts = second >= world.warmUpSeconds();
          for (int i = 0; i < arms.size(); i++) {
            if (moment.operator() == Operator.IDLE) {
              tallies.get(i).again(counts);
            } else {
              tallies.get(i).add(arms.get(i).look(moment), counts);
            }
          }
        });
    return tallies;
  }

  /** Lets so many seconds pass. */
  static void pass(World world, long seed, long seconds, BiConsumer<Long, Moment> each) {
    var random = new SplittableRandom(seed);
    Seen seen = world.seen().get();
    // Steps and slots lie anywhere to each other.
    long begin = random.nextLong(100_000) * 100;
    for (long second = 0; second < seconds; second++) {
      each.accept(second, seen.at(second, begin + second * 1000, random));
    }
  }
}
