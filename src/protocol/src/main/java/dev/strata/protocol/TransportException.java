package dev.strata.protocol;

/** The message engine cannot be reached or refused; what was asked may or may not have happened. */
public final class TransportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TransportException(String message) {
    super(message);
  }

  public TransportException(String message, Throwable cause) {
    super(message, cause);
  }
}
