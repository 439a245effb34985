package dev.strata.agent.handler;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process a task: input on stdin, output from stdout, exit status 0 is success. The process
 * sees TASK_ID and TASK_ATTEMPT beside the container's environment.
 */
final class ExecHandler implements TaskHandler, AutoCloseable {
  /** What surely fits into a pipe, so that writing it does not block. */
  static final int PIPE_BYTES = 32 * 1024;

  /** How long stdout may stay open behind the end of the process: somebody else holds it then. */
  private static final long TRAILING_MILLIS = 200;

  private final List<String> command;
  private final Children children;

  ExecHandler(List<String> command, Children children) {
    this.command = List.copyOf(command);
    this.children = children;
  }

  @Override
  public String name() {
    return "exec";
  }

  @Override
  public String handle(TaskInput input) throws Exception {
    Child child =
        children.start(
            command,
            Map.of("TASK_ID", input.taskId(), "TASK_ATTEMPT", String.valueOf(input.attempt())));
    try {
      CompletableFuture<String> output = readOutput(child);
      writeInput(child, input.input().getBytes(StandardCharsets.UTF_8));
      int status = child.waitFor();
      String text = await(child, output);
      if (status != 0) {
        throw child.failure(status);
      }
      return text;
    } finally {
      if (child.alive()) {
        child.kill();
      } else {
        child.ended();
      }
    }
  }

  private CompletableFuture<String> readOutput(Child child) {
    var output = new CompletableFuture<String>();
    Thread.ofPlatform()
        .daemon()
        .name("stdout")
        .start(
            () -> {
              try (var stdout = child.stdout()) {
                output.complete(BoundedOutput.all(stdout, children.maxOutputBytes()));
              } catch (IOException e) {
                output.complete("");
              } catch (HandlerFailure e) {
                output.completeExceptionally(e);
                child.kill();
              }
            });
    return output;
  }

  private static void writeInput(Child child, byte[] input) {
    if (input.length <= PIPE_BYTES) {
      write(child, input);
    } else {
      Thread.ofPlatform().daemon().name("stdin").start(() -> write(child, input));
    }
  }

  private static void write(Child child, byte[] input) {
    try (OutputStream stdin = child.stdin()) {
      stdin.write(input);
    } catch (IOException e) {
      // A program need not read its input: its exit status says whether it did well.
    }
  }

  private static String await(Child child, CompletableFuture<String> output) throws Exception {
    try {
      try {
        return output.get(TRAILING_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Something it started still holds stdout: end that, and take what was written.
        child.ended();
        return output.get(TRAILING_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HandlerFailure failure ? failure : e;
    } catch (TimeoutException e) {
      throw new HandlerFailure(
          "OutputOpen", "the program ended but something it started keeps its stdout open");
    }
  }

  @Override
  public void close() {
    children.close();
  }
}
