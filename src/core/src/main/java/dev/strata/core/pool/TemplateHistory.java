package dev.strata.core.pool;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The templates that a pool had, and which one is in force: the newest, unless a gate has taken it
 * back. It is taken back once, to the one before it that was seen to keep its promises.
 */
public final class TemplateHistory {
  private final List<Kept> kept;

  /**
   * One template.
   *
   * @param hash its name
   * @param number counts up; the highest is what the user wants
   * @param since since when the user wants it
   * @param satisfied whether all gates were satisfied while the pool stood on it alone
   * @param takenBack whether a gate has taken it back
   */
  public record Kept(
      String hash, long number, Instant since, boolean satisfied, boolean takenBack) {}

  /**
   * @param kept in no order, at least one
   */
  public TemplateHistory(List<Kept> kept) {
    this.kept = kept.stream().sorted(Comparator.comparingLong(Kept::number).reversed()).toList();
  }

  /** What the user wants. */
  public Kept newest() {
    return kept.getFirst();
  }

  /** What pods are made from. */
  public Kept inForce() {
    return newest().takenBack() ? before().orElse(newest()) : newest();
  }

  /** What there is to go back to. */
  public Optional<Kept> before() {
    return kept.stream().skip(1).filter(k -> k.satisfied() && !k.takenBack()).findFirst();
  }

  /**
   * Whether a rollout may be held for a violation. Not where what is in force came later: it is
   * taken for the mending, and so is the one that is gone back to.
   *
   * @param violatedSince since when a target is missed
   */
  public boolean accused(Instant violatedSince) {
    return inForce().equals(newest()) && after(violatedSince);
  }

  /** Templates know their second, and nobody misses a target within the first one. */
  private boolean after(Instant violatedSince) {
    return violatedSince.truncatedTo(ChronoUnit.SECONDS).isAfter(newest().since());
  }

  /**
   * Why the newest is not taken back; empty: it may be.
   *
   * @param violatedSince since when a target is missed
   * @param started whether there are agents of the newest template
   */
  public Optional<Refused> refusal(Instant violatedSince, boolean started) {
    if (newest().takenBack()) {
      return Optional.of(
          new Refused(
              "AlreadyRolledBack",
              "template %s was taken back already, and nothing more is done: change spec.agent or spec.template"
                  .formatted(newest().hash())));
    }
    if (!started || !after(violatedSince)) {
      return Optional.of(
          new Refused(
              "NotOfThisTemplate",
              "the violation began before agents of template %s were at work"
                  .formatted(newest().hash())));
    }
    return before().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                "NoSatisfiedTemplate",
                "no template before %s is known to have satisfied the gates: change spec.agent or spec.template"
                    .formatted(newest().hash())));
  }

  /**
   * Why not.
   *
   * @param reason one word for machines
   * @param message a sentence for people
   */
  public record Refused(String reason, String message) {}
}
