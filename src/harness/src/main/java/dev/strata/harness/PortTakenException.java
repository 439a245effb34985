package dev.strata.harness;

/** Between the choice of a port and the start of its server another process took the port. */
final class PortTakenException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  PortTakenException(Throwable cause) {
    super("another process took a port that was free a moment ago; try again", cause);
  }

  static boolean isReasonOf(Server server) {
    return !server.isRunning() && server.logTail().contains("address already in use");
  }
}
