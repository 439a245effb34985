package dev.strata.agent;

/** The agent cannot start with what it was given; the message is one sentence for a person. */
public final class BadConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** EX_CONFIG of sysexits.h: the operator reads it as "do not just try again". */
  public static final int EXIT_STATUS = 78;

  public BadConfigurationException(String message) {
    super(message);
  }

  public BadConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
