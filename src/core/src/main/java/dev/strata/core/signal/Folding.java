package dev.strata.core.signal;

/**
 * What became of a report.
 *
 * @param outcome the kind
 * @param why a sentence when it was refused, else empty
 */
public record Folding(Outcome outcome, String why) {
  /** The kinds. */
  public enum Outcome {
    FOLDED,
    /** It has nothing that is not known: a double, or one that was overtaken. */
    KNOWN,
    /** It cannot be true. Nothing of it was taken. */
    REFUSED
  }

  static final Folding FOLDED = new Folding(Outcome.FOLDED, "");
  static final Folding KNOWN = new Folding(Outcome.KNOWN, "");

  static Folding refused(String why) {
    return new Folding(Outcome.REFUSED, why);
  }

  /** Whether something in it was news. */
  public boolean folded() {
    return outcome == Outcome.FOLDED;
  }

  public boolean refused() {
    return outcome == Outcome.REFUSED;
  }
}
