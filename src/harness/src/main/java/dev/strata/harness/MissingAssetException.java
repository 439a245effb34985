package dev.strata.harness;

/** A program is not there and cannot be had; the message says what to install. */
public final class MissingAssetException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  MissingAssetException(String message, Throwable cause) {
    super(message, cause);
  }
}
