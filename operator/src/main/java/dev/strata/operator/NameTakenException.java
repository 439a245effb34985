package dev.strata.operator;

/** An object that a pool needs has the name of one that is not the pool's. */
final class NameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NameTakenException(String message) {
    super(message);
  }
}
