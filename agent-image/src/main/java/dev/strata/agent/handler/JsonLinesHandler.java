package dev.strata.agent.handler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.strata.protocol.Messages;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One long-lived process a slot: reads {@code {"id":..,"input":..}} lines and answers each with
 * {@code {"id":..,"output":..}} or {@code {"id":..,"error":..}}. A process that crashed, answered
 * nonsense or ran into a timeout is ended; the next task starts a new one.
 */
final class JsonLinesHandler implements TaskHandler, AutoCloseable {
  /** What JSON may add to an output: quotes, the id and an escape for each character. */
  private static final int ENVELOPE_BYTES = 1024;

  private final List<String> command;
  private final Children children;
  private final BlockingQueue<Worker> idle;

  JsonLinesHandler(List<String> command, Children children, int concurrency) {
    this.command = List.copyOf(command);
    this.children = children;
    this.idle = new ArrayBlockingQueue<>(concurrency);
  }

  @Override
  public String name() {
    return "exec";
  }

  @Override
  public String handle(TaskInput input) throws Exception {
    Worker worker = idle.poll();
    if (worker == null || !worker.child.alive()) {
      if (worker != null) {
        worker.child.ended();
      }
      worker = new Worker(children.start(command, Map.of()));
    }
    boolean fine = false;
    try {
      JsonNode answer = worker.ask(input);
      fine = true;
      return output(answer);
    } finally {
      if (!fine || !idle.offer(worker)) {
        worker.child.kill();
      }
    }
  }

  private String output(JsonNode answer) throws HandlerFailure {
    if (answer.hasNonNull("error")) {
      throw new HandlerFailure(
          "HandlerError", HandlerFailure.firstLine(answer.path("error").asText()));
    }
    JsonNode output = answer.path("output");
    String text = output.isTextual() ? output.textValue() : output.toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > children.maxOutputBytes()) {
      throw HandlerFailure.tooLarge(children.maxOutputBytes());
    }
    return text;
  }

  @Override
  public void close() {
    for (Worker worker = idle.poll(); worker != null; worker = idle.poll()) {
      worker.child.kill();
    }
    children.close();
  }

  /** What comes from a worker's stdout: a line, or how it ended. */
  private sealed interface Event {
    record Line(String text) implements Event {}

    record End(HandlerFailure failure) implements Event {}
  }

  private final class Worker {
    private final Child child;

    // Two: an answer and the end. A worker that says more than it was asked for has to wait.
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2);

    Worker(Child child) {
      this.child = child;
      Thread.ofPlatform().daemon().name("stdout").start(this::read);
    }

    private void read() {
      int limit = 2 * children.maxOutputBytes() + ENVELOPE_BYTES;
      try (var stdout = new BufferedInputStream(child.stdout())) {
        for (String line = BoundedOutput.line(stdout, limit);
            line != null;
            line = BoundedOutput.line(stdout, limit)) {
          events.put(new Event.Line(line));
        }
        events.put(new Event.End(child.failure(child.waitFor())));
      } catch (HandlerFailure e) {
        end(e);
      } catch (IOException e) {
        end(new HandlerFailure("HandlerError", "cannot read from the program: " + e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void end(HandlerFailure failure) {
      child.kill();
      events.clear();
      events.add(new Event.End(failure));
    }

    JsonNode ask(TaskInput input) throws HandlerFailure, InterruptedException {
      byte[] line =
          (Messages.mapper()
                      .createObjectNode()
                      .put("id", input.taskId())
                      .put("input", input.input())
                  + "\n")
              .getBytes(StandardCharsets.UTF_8);
      if (line.length <= ExecHandler.PIPE_BYTES) {
        write(line);
      } else {
        Thread.ofPlatform().daemon().name("stdin").start(() -> write(line));
      }
      Event event = events.take();
      return switch (event) {
        case Event.Line(var text) -> parse(text, input.taskId());
        case Event.End(var failure) -> throw failure;
      };
    }

    private void write(byte[] line) {
      try {
        child.stdin().write(line);
        child.stdin().flush();
      } catch (IOException e) {
        // The program is gone or closed its stdin: its end or the timeout says so.
      }
    }

    private JsonNode parse(String text, String taskId) throws HandlerFailure {
      try {
        JsonNode answer = Messages.mapper().readTree(text);
        if (answer.path("id").asText().equals(taskId)) {
          return answer;
        }
      } catch (JsonProcessingException e) {
        // Falls through to the sentence below.
      }
      throw new HandlerFailure(
          "BadAnswer",
          "the program wrote \""
              + HandlerFailure.firstLine(text)
              + "\"; it has to answer each line with one line {\"id\":..,\"output\":..}");
    }
  }
}
