package dev.strata.core.signal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Events of each agent over one short window, so that a sick agent can be told from the others.
 * There may be a thousand agents, so what is kept of each is coarse: fifteen slots at most, which
 * are half a kilobyte, and nothing from before the window.
 */
public final class GroupRings {
  /** The longest window: who was sick before is somebody else by now, or is still sick. */
  public static final Duration LONGEST = Duration.ofMinutes(15);

  private static final int MOST_SLOTS = 15;
  private static final long LEAST_SLOT_MILLIS = 2_000;

  private final Duration window;
  private final Duration slot;
  private final int size;
  private final Map<String, CountRing> rings = new HashMap<>();

  /**
   * @param window at most {@link #LONGEST}
   */
  GroupRings(Duration window) {
    if (!window.isPositive() || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "agents are told apart over windows of up to " + LONGEST + ", not of " + window);
    }
    long millis = Math.max(LEAST_SLOT_MILLIS, Math.ceilDiv(window.toMillis(), MOST_SLOTS));
    this.window = window;
    this.slot = Duration.ofMillis(millis);
    this.size = (int) Math.ceilDiv(window.toMillis(), millis);
  }

  Duration window() {
    return window;
  }

  /** Adds events of an agent; what is older than the window is left out. */
  void add(String agent, long atMillis, long moreGood, long moreTotal) {
    CountRing ring = rings.get(agent);
    if (ring == null) {
      ring = new CountRing(slot, size);
      rings.put(agent, ring);
    }
    ring.add(atMillis, moreGood, moreTotal);
  }

  void keepOnly(Set<String> agents) {
    rings.keySet().retainAll(agents);
  }

  /** The events in the window of each agent that had any. */
  public Map<String, Counts> within(long nowMillis) {
    Map<String, Counts> found = new HashMap<>();
    rings.forEach(
        (agent, ring) -> {
          Counts counts = ring.within(nowMillis, window);
          if (counts.total() > 0) {
            found.put(agent, counts);
          }
        });
    return found;
  }
}
