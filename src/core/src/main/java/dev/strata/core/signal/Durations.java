package dev.strata.core.signal;

import java.util.List;

/**
 * How long events took that ended within a second.
 *
 * @param micros in microseconds, each at most {@link #MOST_MICROS}
 * @param counts how many took so long, each at least 1
 */
public record Durations(List<Long> micros, List<Long> counts) {
  /** An hour: what takes longer counts as that long. */
  public static final long MOST_MICROS = 3_600_000_000L;

  private static final int MOST_ENTRIES = 4096;

  public Durations {
    micros = List.copyOf(micros);
    counts = List.copyOf(counts);
  }

  /** Why nothing of it can be believed; empty when it can. */
  String fault() {
    if (micros.size() != counts.size() || micros.size() > MOST_ENTRIES) {
      return "it tells of %d durations and %d counts".formatted(micros.size(), counts.size());
    }
    boolean possible =
        micros.stream().allMatch(m -> m >= 0 && m <= MOST_MICROS)
            && counts.stream().allMatch(c -> c > 0 && c <= AgentReport.MOST_A_SECOND)
            && counts.stream().mapToLong(Long::longValue).sum() <= AgentReport.MOST_A_SECOND;
    return possible ? "" : "it has durations that are none";
  }
}
