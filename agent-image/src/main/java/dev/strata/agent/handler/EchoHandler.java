package dev.strata.agent.handler;

/** Returns its input: for a first look and for benchmarks. */
public final class EchoHandler implements TaskHandler {
  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String handle(TaskInput input) {
    return input.input();
  }
}
