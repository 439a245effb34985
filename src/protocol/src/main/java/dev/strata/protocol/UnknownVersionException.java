package dev.strata.protocol;

/** An envelope that a newer side wrote: others may be able to read it. */
public final class UnknownVersionException extends MalformedEnvelopeException {
  private static final long serialVersionUID = 1L;

  UnknownVersionException(String message) {
    super(message);
  }
}
