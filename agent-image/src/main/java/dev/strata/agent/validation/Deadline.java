package dev.strata.agent.validation;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How long one judgement may take. A regular expression can take exponential time on an output that
 * was made for it, and does not look at interrupts; it does read its text character by character.
 */
final class Deadline {
  static final Duration LIMIT = Duration.ofMillis(200);

  private final long at = System.nanoTime() + LIMIT.toNanos();

  /** The time is over. */
  static final class Passed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Passed() {
      super("it took more than " + LIMIT.toMillis() + " ms", null, false, false);
    }
  }

  /**
   * Whether the whole text matches.
   *
   * @throws Passed when this takes too long
   */
  boolean matches(Pattern pattern, String text) {
    return pattern.matcher(new Timed(text)).matches();
  }

  /**
   * Whether a part of the text matches.
   *
   * @throws Passed when this takes too long
   */
  boolean finds(Pattern pattern, String text) {
    return pattern.matcher(new Timed(text)).find();
  }

  /** A text that can only be read in time. */
  private final class Timed implements CharSequence {
    /** Asking the clock for each character would cost more than the matching. */
    private static final int EVERY = 1024;

    private final String text;
    private int reads;

    Timed(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads % EVERY == 0 && System.nanoTime() - at > 0) {
        throw new Passed();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
