package dev.strata.operator.gate;

/** A gate that cannot be judged as it is written; the message says what to write instead. */
final class BadGateException extends Exception {
  private static final long serialVersionUID = 1L;

  BadGateException(String message) {
    super(message);
  }
}
