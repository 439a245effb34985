package dev.strata.agent.handler;

/** A failed attempt with a reason for machines; the text is {@code Reason: sentence}. */
public final class HandlerFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason one word in CamelCase, such as ExitStatus
   * @param sentence for people
   */
  public HandlerFailure(String reason, String sentence) {
    super(reason + ": " + sentence);
  }

  /** An output over the limit. */
  public static HandlerFailure tooLarge(int limit) {
    return new HandlerFailure(
        "OutputTooLarge",
        "the handler gave more than "
            + limit
            + " bytes; store it elsewhere and return a reference");
  }

  /** The error text of any exception that a handler threw. */
  public static String text(Throwable failure) {
    if (failure instanceof HandlerFailure) {
      return String.valueOf(failure.getMessage());
    }
    String message = failure.getMessage();
    String name = failure.getClass().getSimpleName();
    return "HandlerError: " + (message == null ? name : name + ": " + firstLine(message));
  }

  /** The first line of a text, at most 500 characters: an error is stored with every result. */
  public static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() > 500 ? line.substring(0, 500) : line;
  }
}
