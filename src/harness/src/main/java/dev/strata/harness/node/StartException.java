package dev.strata.harness.node;

/** A container cannot be started now; how the kubelet calls it, and a sentence. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;
  private final String reason;

  StartException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Such as ErrImagePull, CreateContainerConfigError or StartError. */
  String reason() {
    return reason;
  }
}
