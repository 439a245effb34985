package dev.strata.operator.gate;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How long telemetry takes to become what people read: to the end of its evaluation where that says
 * what is shown already, else to the status that the API server has acknowledged. While a status is
 * on its way, whatever else comes in for the gate waits with it, so that one that never arrives
 * weighs as much as it should.
 */
final class Processing {
  private static final String SIGNAL = "gate-processing";

  /** A minute of rounds: what waits for longer has turned bad at any threshold of use. */
  private static final int MOST_WAITING = 600;

  /** Longer than any threshold. */
  private static final long NEVER_MILLIS = Long.MAX_VALUE;

  private final GateMeters meters;
  private final Supplier<Collection<Measured>> pools;
  private final Map<String, Deque<Waiting>> waiting = new HashMap<>();
  private long ids;

  /**
   * Telemetry whose verdict is not shown yet.
   *
   * @param beganMillis when it was received
   * @param judgedMillis when it was evaluated
   * @param changed whether it changed what is to be shown
   */
  private record Waiting(String id, long beganMillis, long judgedMillis, boolean changed) {}

  /**
   * @param pools all pools: each is judged by how this operator keeps up, as it is one for all
   */
  Processing(GateMeters meters, Supplier<Collection<Measured>> pools) {
    this.meters = meters;
    this.pools = pools;
  }

  /**
   * A gate was evaluated.
   *
   * @param changed whether its status is to say something else now
   * @param began when the oldest news came in that it was evaluated with
   */
  synchronized void evaluated(String gateUid, boolean changed, long began, long now) {
    Deque<Waiting> own = waiting.get(gateUid);
    if (own == null && !changed) {
      meters.processed(false, now - began);
      each(m -> m.timed(SIGNAL, now - began, now));
      return;
    }
    if (own == null) {
      own = new ArrayDeque<>();
      waiting.put(gateUid, own);
    }
    if (own.size() == MOST_WAITING) {
      withdraw(own.removeFirst());
    }
    var next = new Waiting(Long.toString(++ids), began, now, changed);
    own.addLast(next);
    each(m -> m.begin(SIGNAL, next.id(), began));
  }

  /** The API server has acknowledged a status of a gate that says what was judged by a moment. */
  synchronized void acknowledged(String gateUid, long byMillis, long now) {
    Deque<Waiting> own = waiting.getOrDefault(gateUid, new ArrayDeque<>());
    if (!own.isEmpty() && own.getFirst().judgedMillis() <= byMillis) {
      meters.processed(true, now - own.getFirst().beganMillis());
    }
    take(gateUid, own, byMillis, w -> each(m -> m.end(SIGNAL, w.id(), now)));
  }

  /** What had changed by a moment has changed back before it was written. */
  synchronized void unsaid(String gateUid, long byMillis) {
    take(gateUid, waiting.getOrDefault(gateUid, new ArrayDeque<>()), byMillis, this::withdraw);
  }

  /** The gate is not evaluated any more. */
  synchronized void forget(String gateUid) {
    unsaid(gateUid, Long.MAX_VALUE);
  }

  /** Something came in that nobody will judge by. */
  synchronized void overlooked(long now) {
    each(m -> m.timed(SIGNAL, NEVER_MILLIS, now));
  }

  private void take(String gateUid, Deque<Waiting> own, long byMillis, Consumer<Waiting> end) {
    while (!own.isEmpty() && own.getFirst().judgedMillis() <= byMillis) {
      end.accept(own.removeFirst());
    }
    // What came in since and changed nothing is shown with that.
    while (!own.isEmpty() && !own.getFirst().changed()) {
      end.accept(own.removeFirst());
    }
    if (own.isEmpty()) {
      waiting.remove(gateUid);
    }
  }

  private void withdraw(Waiting one) {
    each(m -> m.withdraw(SIGNAL, one.id()));
  }

  private void each(Consumer<Measured> action) {
    pools.get().forEach(action);
  }
}
