package dev.strata.agent;

import dev.strata.agent.telemetry.Signals;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the agent has done so far; read by heartbeats, metrics and health. */
public final class Counts {
  /** Tasks taken since activation. */
  public final AtomicLong taken = new AtomicLong();

  /** Tasks ended here with a stored result, by how they ended. */
  public final AtomicLong done = new AtomicLong();

  public final AtomicLong failed = new AtomicLong();
  public final AtomicLong cancelled = new AtomicLong();

  /** Handler attempts that failed. */
  public final AtomicLong failedAttempts = new AtomicLong();

  /** Results that somebody else had stored before. */
  public final AtomicLong lateResults = new AtomicLong();

  /** Tasks handed back unfinished. */
  public final AtomicLong handedBack = new AtomicLong();

  /** Time in handlers. */
  public final AtomicLong handlerNanos = new AtomicLong();

  public final AtomicLong handlerCalls = new AtomicLong();

  /** Wanted states refused. */
  public final AtomicLong refused = new AtomicLong();

  /** Handlers that ignored their interrupt and still run. */
  public final AtomicInteger abandoned = new AtomicInteger();

  /** What is judged by quality gates. */
  public final Signals signals = new Signals();

  /** Tasks with a stored result, however they ended. */
  public long ended() {
    return done.get() + failed.get() + cancelled.get();
  }
}
