package dev.strata.agent.handler;

/** Returns its input: for a first look and for benchmarks. */
public final class EchoHandler implements TaskHandler {
  static final String NAME = "echo";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String handle(TaskInput input) {
    return input.input();
  }
}
