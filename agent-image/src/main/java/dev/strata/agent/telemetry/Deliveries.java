package dev.strata.agent.telemetry;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Messages that have to be acknowledged before a deadline. Each counts once, however often it was
 * tried; one whose deadline has passed is bad, whatever becomes of it then.
 */
public final class Deliveries {
  private final LongSupplier nanoTime;
  private final Set<Sent> open = new HashSet<>();
  private long good;
  private long total;

  /**
   * @param nanoTime a monotonic clock
   */
  Deliveries(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A message on its way. */
  public final class Sent {
    private final long deadline;

    private Sent(Duration within) {
      this.deadline = nanoTime.getAsLong() + within.toNanos();
    }

    /** It was acknowledged; what came after its deadline has been counted already. */
    public void acknowledged() {
      synchronized (Deliveries.this) {
        expire();
        if (open.remove(this)) {
          total++;
          good++;
        }
      }
    }

    /** Nobody tries any more, such as because it is another's to send now. */
    public void withdraw() {
      synchronized (Deliveries.this) {
        expire();
        open.remove(this);
      }
    }
  }

  /** A message is sent from now on until it is acknowledged. */
  public synchronized Sent send(Duration within) {
    var sent = new Sent(within);
    open.add(sent);
    return sent;
  }

  private void expire() {
    long now = nanoTime.getAsLong();
    int before = open.size();
    open.removeIf(sent -> now - sent.deadline > 0);
    total += before - open.size();
  }

  synchronized void read(String key, Readings readings) {
    expire();
    readings.events(key, good, total);
    readings.open(key, open.size());
  }
}
