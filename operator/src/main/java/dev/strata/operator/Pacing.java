package dev.strata.operator;

import dev.strata.core.pool.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast a pool may be refilled, and what the API server last refused. Kept in memory: a new
 * leader tries once more and learns the same.
 */
final class Pacing {
  /** Spares made a second, and at most at once. */
  private static final double REFILL_PER_SECOND = 10;

  private static final double REFILL_BURST = 20;

  private final Clock clock;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();

  private record Pool(
      double tokens,
      long filledNanos,
      long activatedNanos,
      @Nullable Refusal refusal,
      long refusedGeneration) {}

  Pacing(Clock clock) {
    this.clock = clock;
  }

  @Nullable Refusal refusal(String uid) {
    Refusal refusal = pool(uid).refusal();
    return refusal == null || clock.instant().isAfter(refusal.until()) ? null : refusal;
  }

  int refillTokens(String uid) {
    return (int) pool(uid).tokens();
  }

  Duration sinceActivation(String uid) {
    return Duration.ofNanos(System.nanoTime() - pool(uid).activatedNanos());
  }

  void refused(String uid, Refusal refusal, long generation) {
    pools.put(uid, with(pool(uid), refusal, generation));
  }

  /** A changed spec is tried at once. */
  void specSeen(String uid, long generation) {
    Pool now = pool(uid);
    if (now.refusal() != null && now.refusedGeneration() != generation) {
      pools.put(uid, with(now, null, generation));
    }
  }

  void refilled(String uid, int pods) {
    Pool now = pool(uid);
    pools.put(
        uid,
        new Pool(
            Math.max(0, now.tokens() - pods),
            now.filledNanos(),
            now.activatedNanos(),
            now.refusal(),
            now.refusedGeneration()));
  }

  void activated(String uid) {
    Pool now = pool(uid);
    pools.put(
        uid,
        new Pool(
            now.tokens(),
            now.filledNanos(),
            System.nanoTime(),
            now.refusal(),
            now.refusedGeneration()));
  }

  void forget(String uid) {
    pools.remove(uid);
  }

  private Pool pool(String uid) {
    long now = System.nanoTime();
    return pools.compute(
        uid,
        (key, old) ->
            old == null
                ? new Pool(REFILL_BURST, now, now - Duration.ofDays(1).toNanos(), null, 0)
                : new Pool(
                    Math.min(
                        REFILL_BURST,
                        old.tokens() + (now - old.filledNanos()) / 1e9 * REFILL_PER_SECOND),
                    now,
                    old.activatedNanos(),
                    old.refusal(),
                    old.refusedGeneration()));
  }

  private static Pool with(Pool pool, @Nullable Refusal refusal, long generation) {
    return new Pool(pool.tokens(), pool.filledNanos(), pool.activatedNanos(), refusal, generation);
  }
}
