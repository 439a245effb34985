import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Echoes; at the word "hog" it keeps 100 MB for as long as it lives, and at the word "slowly" it is
 * busy for some seconds, so that the next such task goes to another agent.
 */
public final class HogHandler implements TaskHandler {
  private static final int MEGABYTE = 1_000_000;
  private static final int MEGABYTES = 100;
  private static final long BUSY_MILLIS = 5_000;

  private final List<byte[]> kept = new ArrayList<>();

  @Override
  public String name() {
    return "hog";
  }

  @Override
  public synchronized String handle(TaskInput input) throws InterruptedException {
    if (input.input().contains("hog")) {
      for (int i = 0; i < MEGABYTES; i++) {
        byte[] one = new byte[MEGABYTE];
        Arrays.fill(one, (byte) 1);
        kept.add(one);
      }
    }
    if (input.input().contains("slowly")) {
      Thread.sleep(BUSY_MILLIS);
    }
    return input.input();
  }
}
