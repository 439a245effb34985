package dev.strata.protocol;

/**
 * How urgent a message is. Each level of work has a stream consumer of its own, so urgent work does
 * not queue behind bulk work. {@link #EMERGENCY} is for control messages only.
 */
public enum Priority {
  EMERGENCY(0),
  HIGH(1),
  NORMAL(2),
  LOW(3);

  private final int code;

  Priority(int code) {
    this.code = code;
  }

  /** The two bits on the wire: 0 is the most urgent. */
  public int code() {
    return code;
  }

  /** The level with this code, of which only the low two bits count. */
  public static Priority of(int code) {
    return switch (code & 3) {
      case 0 -> EMERGENCY;
      case 1 -> HIGH;
      case 2 -> NORMAL;
      default -> LOW;
    };
  }

  /** The levels that work may have, most urgent first. */
  public static final java.util.List<Priority> WORK = java.util.List.of(HIGH, NORMAL, LOW);

  /** The subject token of this level: p0 to p3. */
  public String token() {
    return "p" + code;
  }

  /**
   * The work level with this name (high, normal, low; any case).
   *
   * @throws IllegalArgumentException naming the accepted words
   */
  public static Priority work(String name) {
    for (Priority priority : WORK) {
      if (priority.name().equalsIgnoreCase(name)) {
        return priority;
      }
    }
    throw new IllegalArgumentException(
        "priority \"" + name + "\" is not known; write high, normal or low");
  }
}
