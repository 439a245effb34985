package dev.strata.core.signal;

import java.time.Duration;

/** Signals that keep everything a test sends, in slots of a second. */
final class Listener {
  private static final int SECONDS = 4000;

  final PoolSignals signals = new PoolSignals();
  final CountRing done = signals.events(FakeAgent.DONE, Duration.ofSeconds(1), SECONDS);
  final SumRing busy = signals.sums(FakeAgent.BUSY);
  final java.util.Map<String, GaugeRing> memory = signals.gauges(FakeAgent.MEMORY);

  Counts counts() {
    return done.between(-SECONDS / 2, SECONDS / 2);
  }

  /** Numerator and denominator of all sums. */
  Counts sums() {
    SumRing.Batches all = busy.within(SECONDS * 500L, Duration.ofSeconds(SECONDS - 10));
    return new Counts(sum(all.above()), sum(all.below()));
  }

  private static long sum(double[] values) {
    return (long) java.util.Arrays.stream(values).sum();
  }

  /** All that can be asked of it, slot by slot. */
  String content() {
    var text = new StringBuilder();
    for (long slot = 0; slot < SECONDS / 2; slot++) {
      text.append(done.between(slot, slot));
    }
    for (long at = 0; at < SECONDS * 500L; at += 10_000) {
      SumRing.Batches batch = busy.within(at, Duration.ofSeconds(10));
      text.append(java.util.Arrays.toString(batch.above()));
      text.append(java.util.Arrays.toString(batch.below()));
      for (GaugeRing ring : memory.values()) {
        text.append(ring.samples(at, Duration.ofSeconds(10)));
      }
    }
    memory.forEach((agent, ring) -> text.append(agent).append(ring.mark()));
    return text.toString();
  }
}
