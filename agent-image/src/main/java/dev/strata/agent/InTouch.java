package dev.strata.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether this agent has been in touch all the time. A process that was frozen, or cut off from the
 * server, for longer than the limit may have been replaced meanwhile: it is suspect until the
 * operator confirms it. All by the monotonic clock.
 *
 * <p>A confirmation counts only as the answer to a heartbeat that was sent after the gap: an old
 * one may lie in a socket buffer, or wait to be read.
 */
public final class InTouch {
  /** The operator misses an agent after three seconds; this is sooner. */
  public static final Duration LIMIT = Duration.ofMillis(2500);

  private final LongSupplier nanoClock;
  private final long limitNanos;
  private long lastTick;
  private long lastFlush;
  private boolean suspect;
  private boolean asked;
  private long askedAt;
  private long askedWith;

  public InTouch(LongSupplier nanoClock, Duration limit) {
    this.nanoClock = nanoClock;
    this.limitNanos = limit.toNanos();
    this.lastTick = nanoClock.getAsLong();
    this.lastFlush = lastTick;
  }

  /** Says that the process runs; to be called every second. */
  public synchronized boolean tick() {
    boolean before = suspect;
    check();
    lastTick = nanoClock.getAsLong();
    return suspect && !before;
  }

  /** Says that a heartbeat has reached the server. */
  public synchronized void flushed() {
    check();
    lastFlush = nanoClock.getAsLong();
  }

  /** Whether the agent is suspect now, by the clock and not by the last tick. */
  public synchronized boolean suspect() {
    check();
    return suspect;
  }

  /**
   * A heartbeat that asks for confirmation is about to be sent.
   *
   * @param heartbeat its sequence number
   */
  public synchronized void askedForConfirmation(long heartbeat) {
    check();
    if (suspect && !asked) {
      asked = true;
      askedAt = nanoClock.getAsLong();
      askedWith = heartbeat;
    }
  }

  /**
   * Takes a confirmation; returns whether the agent is suspect no longer.
   *
   * @param answers sequence number of the heartbeat that it answers
   */
  public synchronized boolean confirm(long answers) {
    check();
    if (suspect && asked && answers >= askedWith) {
      suspect = false;
      asked = false;
    }
    return !suspect;
  }

  /** Who holds nothing needs nobody's confirmation: being back is enough. */
  public synchronized void excuse() {
    confirm(Long.MAX_VALUE);
  }

  /** For how long a confirmation has been asked for in vain; zero when it was not. */
  public synchronized Duration askedFor() {
    return suspect && asked ? Duration.ofNanos(nanoClock.getAsLong() - askedAt) : Duration.ZERO;
  }

  private void check() {
    long now = nanoClock.getAsLong();
    if (now - lastTick > limitNanos || now - lastFlush > limitNanos) {
      suspect = true;
      asked = false;
    }
  }
}
