import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import java.util.concurrent.locks.LockSupport;

/** Echoes; at the word "hang" it never returns, whoever interrupts it. */
public final class HungHandler implements TaskHandler {
  @Override
  public String name() {
    return "hung";
  }

  @Override
  public String handle(TaskInput input) {
    while (input.input().contains("hang")) {
      Thread.interrupted();
      LockSupport.park();
    }
    return input.input();
  }
}
