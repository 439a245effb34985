package dev.strata.agent.telemetry;

import dev.strata.protocol.Telemetry.Probe;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far peers' clocks are from ours, each by the exchange with the shortest round trip among its
 * last ones. Source: D. L. Mills, RFC 5905 (2010), clock filter: the error is at most half the
 * round trip.
 */
final class ClockOffsets {
  private static final int REMEMBERED = 16;

  /** A worse offset would tell nothing of ways that take as long. */
  private static final long LARGEST_ERROR_NANOS = 20_000_000;

  private final Map<String, Deque<Exchange>> exchanges = new ConcurrentHashMap<>();

  private record Exchange(long offsetNanos, long roundTripNanos) {}

  /**
   * Takes in an answer.
   *
   * @param backNanos when it came back, by our clock
   * @return the peer's clock less ours in nanoseconds; empty while it is too uncertain
   */
  OptionalLong learn(Probe answer, long backNanos) {
    long there = answer.receivedNanos() - answer.sentNanos();
    long back = answer.answeredNanos() - backNanos;
    long roundTrip =
        backNanos - answer.sentNanos() - (answer.answeredNanos() - answer.receivedNanos());
    Deque<Exchange> known = exchanges.computeIfAbsent(answer.from(), pod -> new ArrayDeque<>());
    synchronized (known) {
      known.addLast(new Exchange((there + back) / 2, roundTrip));
      if (known.size() > REMEMBERED) {
        known.removeFirst();
      }
      Exchange best =
          known.stream().min(Comparator.comparingLong(Exchange::roundTripNanos)).orElseThrow();
      return best.roundTripNanos() < 0 || best.roundTripNanos() / 2 > LARGEST_ERROR_NANOS
          ? OptionalLong.empty()
          : OptionalLong.of(best.offsetNanos());
    }
  }

  void keepOnly(Collection<String> pods) {
    exchanges.keySet().retainAll(pods);
  }
}
