package dev.strata.agent.handler;

import dev.strata.protocol.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sleeps and then returns its input. The input is a number of milliseconds or {@code {"millis":n}}.
 * When the environment variable EXECUTION_LOG names a file, each execution first appends one line
 * to it: task, identity, epoch, pod, wall clock in milliseconds.
 */
public final class SleepHandler implements TaskHandler {
  static final String NAME = "sleep";

  private final @Nullable String log;

  /** Takes the log file from the environment. */
  public SleepHandler() {
    this(System.getenv("EXECUTION_LOG"));
  }

  SleepHandler(@Nullable String log) {
    this.log = log;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String handle(TaskInput input) throws Exception {
    long millis = millis(input.input());
    record(input);
    Thread.sleep(millis);
    return input.input();
  }

  private static long millis(String input) throws HandlerFailure {
    try {
      Object json = Messages.value(input.getBytes(StandardCharsets.UTF_8));
      Object millis = json instanceof Map<?, ?> fields ? fields.get("millis") : json;
      if (millis instanceof Number number && number.longValue() >= 0) {
        return number.longValue();
      }
    } catch (IOException e) {
      // Falls through to the sentence below.
    }
    throw new HandlerFailure("BadInput", "sleep wants a number of milliseconds or {\"millis\":n}");
  }

  /** One write with O_APPEND: lines of several processes do not mix. */
  private void record(TaskInput input) throws IOException {
    if (log == null) {
      return;
    }
    String line =
        "%s %s %d %s %d\n"
            .formatted(
                input.taskId(),
                input.identity(),
                input.epoch(),
                input.pod(),
                System.currentTimeMillis());
    Files.write(
        Path.of(log),
        line.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
