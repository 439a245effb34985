import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;

/** Echoes; from the word "limp" on it is slow for as long as it lives. */
public final class LimpHandler implements TaskHandler {
  private static final long SLOW_MILLIS = 1500;

  private volatile boolean limping;

  @Override
  public String name() {
    return "limp";
  }

  @Override
  public String handle(TaskInput input) throws InterruptedException {
    if (input.input().contains("limp")) {
      limping = true;
    }
    if (limping) {
      Thread.sleep(SLOW_MILLIS);
    }
    return input.input();
  }
}
