package dev.strata.protocol;

/** A payload is over the limit; nothing was sent. */
public final class PayloadTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PayloadTooLargeException(int bytes, int limit) {
    super(
        "the payload has "
            + bytes
            + " bytes; the limit is "
            + limit
            + ": send a reference instead");
  }
}
