import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;

/** Echoes at the second attempt; at the word "never" at none. */
public final class FlakyHandler implements TaskHandler {
  @Override
  public String name() {
    return "flaky";
  }

  @Override
  public String handle(TaskInput input) {
    if (input.attempt() == 1 || input.input().contains("never")) {
      throw new IllegalStateException("attempt " + input.attempt() + " is not my best");
    }
    return input.input();
  }
}
