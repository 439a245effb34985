import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;

/** Judges outputs: one is correct unless it has the word "wrong". */
public final class CheckingHandler implements TaskHandler {
  @Override
  public String name() {
    return "checking";
  }

  @Override
  public String handle(TaskInput input) {
    String asked = input.input();
    String output = asked.substring(asked.indexOf("\"output\":"));
    return "{\"correct\": " + !output.contains("wrong") + "}";
  }
}
