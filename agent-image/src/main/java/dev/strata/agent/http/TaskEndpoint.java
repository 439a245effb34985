package dev.strata.agent.http;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.protocol.Cancel;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.PayloadTooLargeException;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks over HTTP: any agent of the pool takes them, tells of them and cancels them, whoever
 * executes them.
 */
final class TaskEndpoint {
  static final String PATH = "/v1/tasks";

  private final String pool;
  private final String pod;
  private final WorkLane lane;
  private final Transport transport;
  private final Messages messages;

  TaskEndpoint(String pool, String pod, WorkLane lane, Transport transport, Messages messages) {
    this.pool = pool;
    this.pod = pod;
    this.lane = lane;
    this.transport = transport;
    this.messages = messages;
  }

  Reply answer(HttpExchange exchange) throws IOException, InterruptedException {
    String rest = exchange.getRequestURI().getPath().substring(PATH.length());
    String method = exchange.getRequestMethod();
    try {
      if (rest.isEmpty() || rest.equals("/")) {
        return method.equals("POST") ? submit(exchange) : notAllowed(method, "POST");
      }
      String id = rest.substring(1);
      if (!MessageIds.isTaskId(id)) {
        return Reply.error(404, "\"" + id + "\" is no task id; it has 32 hexadecimal digits");
      }
      return switch (method) {
        case "GET" -> find(id);
        case "DELETE" -> cancel(id);
        default -> notAllowed(method, "GET, DELETE");
      };
    } catch (TaskRequest.Refused e) {
      return e.reply();
    } catch (PayloadTooLargeException e) {
      return Reply.error(413, String.valueOf(e.getMessage()));
    } catch (TransportException e) {
      return away(e);
    }
  }

  private static Reply notAllowed(String method, String allowed) {
    return Reply.error(405, method + " is not possible here; use " + allowed)
        .with(Map.of("Allow", allowed));
  }

  private static Reply away(TransportException e) {
    return Reply.error(
            503,
            "the message engine did not answer, so nothing is known to be stored; send it again with"
                + " the same Idempotency-Key ("
                + e.getMessage()
                + ")")
        .with(Map.of("Retry-After", "2"));
  }

  private Reply submit(HttpExchange exchange)
      throws IOException, InterruptedException, TaskRequest.Refused {
    TaskRequest request =
        TaskRequest.read(pool, exchange.getRequestHeaders(), exchange.getRequestBody());
    var task =
        new Task(request.id(), request.input(), System.currentTimeMillis(), request.reference());
    return switch (lane.submit(task, request.priority())) {
      case FULL ->
          Reply.error(429, "the pool's task store is full; nothing was stored, try again later")
              .with(Map.of("Retry-After", "1"));
      case STORED, DUPLICATE -> result(request);
    };
  }

  private Reply result(TaskRequest request) throws InterruptedException {
    try {
      Optional<TaskResult> result =
          request.patience().isZero()
              ? Optional.empty()
              : lane.awaitResult(request.id(), request.patience());
      return result.map(found -> Reply.json(200, found)).orElseGet(() -> accepted(request.id()));
    } catch (TransportException e) {
      // It is stored: that the result cannot be awaited now is no failure of the submission.
      return accepted(request.id());
    }
  }

  private static Reply accepted(String id) {
    return Reply.json(202, Map.of("id", id, "status", "QUEUED_OR_RUNNING"))
        .with(Map.of("Location", PATH + "/" + id));
  }

  private Reply find(String id) {
    Optional<TaskResult> result = lane.result(id);
    if (result.isPresent()) {
      return Reply.json(200, result.get());
    }
    return switch (lane.whereabouts(id)) {
      case QUEUED_OR_RUNNING -> accepted(id);
      // It may have ended between the two looks.
      case UNKNOWN ->
          lane.result(id).map(found -> Reply.json(200, found)).orElseGet(() -> unknown(id));
    };
  }

  private static Reply unknown(String id) {
    return Reply.error(
        404, "task " + id + " is not known; its result may have expired, or it was never stored");
  }

  private Reply cancel(String id) {
    Reply found = find(id);
    if (found.status() != 202) {
      return found;
    }
    // The result first: whoever executes the task then cannot store another one.
    long now = System.currentTimeMillis();
    lane.storeResult(
        new TaskResult(
            id,
            TaskResult.Status.CANCELLED,
            null,
            "Cancelled: as asked",
            0,
            0,
            null,
            0,
            pod,
            now,
            now,
            now));
    transport.publish(
        Subjects.cancel(pool),
        messages.wrap(MessageType.CANCEL, Priority.EMERGENCY, 0, new Cancel(id)));
    return find(id);
  }
}
