import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;

/** Echoes; at the word "apart" each agent gives an output of its own. */
public final class SolitaryHandler implements TaskHandler {
  @Override
  public String name() {
    return "solitary";
  }

  @Override
  public String handle(TaskInput input) {
    return input.input().contains("apart") ? input.pod() : input.input();
  }
}
