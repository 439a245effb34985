package dev.strata.bench;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TaskResult;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what happened without asking operator or agents: raw messages of the streams, and the log
 * that the handler writes at each execution.
 */
final class Outside implements AutoCloseable {
  private static final int NO_MESSAGE = 10037;

  private final Connection connection;
  private final JetStreamManagement jetStream;
  private final String pool;

  Outside(Bench bench, Pool pool) throws IOException, InterruptedException {
    this.connection = bench.connectRaw("bench-outside");
    this.jetStream = connection.jetStreamManagement();
    this.pool = pool.uid();
  }

  /** Tasks that were delivered and not yet acknowledged. */
  long unacknowledged() {
    try {
      return jetStream
          .getConsumerInfo(Subjects.taskStream(pool), Subjects.consumer(Priority.NORMAL))
          .getNumAckPending();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return -1; // NATS is away or just back: the next look tells.
    }
  }

  /** Messages in the task stream; -1 when NATS does not say. */
  long tasks() {
    return messages(Subjects.taskStream(pool));
  }

  /** Messages in the result stream; -1 when NATS does not say. */
  long results() {
    return messages(Subjects.resultStream(pool));
  }

  private long messages(String stream) {
    try {
      return jetStream.getStreamInfo(stream).getStreamState().getMsgCount();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return -1;
    }
  }

  /** The sequence number of the last result: larger than the count if one was ever replaced. */
  long lastResultSequence() throws IOException, JetStreamApiException {
    return jetStream.getStreamInfo(Subjects.resultStream(pool)).getStreamState().getLastSequence();
  }

  /** All stored results, by task: a list, so that a second one would show. */
  Map<String, List<TaskResult>> storedResults() throws IOException, JetStreamApiException {
    Map<String, List<TaskResult>> found = new TreeMap<>();
    for (MessageInfo message : read(Subjects.resultStream(pool))) {
      TaskResult result =
          Messages.read(Envelope.decode(message.getData()), MessageType.RESULT, TaskResult.class);
      found.computeIfAbsent(result.id(), id -> new ArrayList<>()).add(result);
    }
    return found;
  }

  /** Dead letters, and attempts that failed. */
  long deadLetters() throws IOException, JetStreamApiException {
    return read(Subjects.deadLetterStream(pool)).stream()
        .filter(message -> message.getSubject().startsWith("dead."))
        .count();
  }

  private List<MessageInfo> read(String stream) throws IOException, JetStreamApiException {
    StreamState state = jetStream.getStreamInfo(stream).getStreamState();
    List<MessageInfo> all = new ArrayList<>();
    for (long at = state.getFirstSequence(); at != 0 && at <= state.getLastSequence(); at++) {
      try {
        all.add(jetStream.getMessage(stream, at));
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != NO_MESSAGE) {
          throw e;
        }
      }
    }
    return all;
  }

  /** How often each task was executed, from the handler's own log. */
  static Map<String, Integer> executions(Path log) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    if (Files.exists(log)) {
      for (String line : Files.readAllLines(log)) {
        counts.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum);
      }
    }
    return counts;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
