package dev.strata.protocol;

/**
 * The bytes are no envelope of this protocol: wrong version, damaged, cut short or of an unknown
 * type.
 */
public class MalformedEnvelopeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedEnvelopeException(String message) {
    super(message);
  }

  public MalformedEnvelopeException(String message, Throwable cause) {
    super(message, cause);
  }
}
