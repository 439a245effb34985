package dev.strata.protocol.nats;

import dev.strata.protocol.Checkpoints;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes and removes the JetStream streams of pools; needs an administrator's connection. */
public final class NatsWorkAdmin implements WorkAdmin, Checkpoints {
  /** How long an agent may be silent about a task before somebody else gets it. */
  public static final Duration ACK_WAIT = Duration.ofSeconds(5);

  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);
  private static final Duration DEAD_LETTER_AGE = Duration.ofHours(24);
  private static final long DEAD_LETTER_BYTES = 64L << 20;
  private static final int MAX_ACK_PENDING = 10_000;
  private static final int MAX_WAITING_PULLS = 4096;
  private static final int NOT_FOUND = 404;

  /**
   * Of JetStream's errors: no storage at one server, nor at enough of several, nor in the account.
   */
  private static final Set<Integer> NO_ROOM = Set.of(10047, 10005, 10023);

  /** Metadata of a stream: where its pool is. */
  private static final String NAMESPACE = "strata.dev/namespace";

  private final NatsConnection connection;
  private final int copies;

  /** Each stream is kept by one server. */
  public NatsWorkAdmin(NatsConnection connection) {
    this(connection, 1);
  }

  /**
   * @param copies how many servers keep each stream: 1, 3 or 5, at most as many as there are. With
   *     3 a server may be lost; the pools' streams go on.
   */
  public NatsWorkAdmin(NatsConnection connection, int copies) {
    this.connection = connection;
    this.copies = copies;
  }

  @Override
  public void ensurePool(String pool, String namespace, Limits limits) {
    try {
      call(
          "make the streams of pool " + pool,
          jetStream -> {
            var metadata = Map.of(NAMESPACE, namespace);
            ensureStream(jetStream, tasks(pool, limits).metadata(metadata).build());
            ensureStream(jetStream, results(pool, limits).metadata(metadata).build());
            ensureStream(jetStream, deadLetters(pool).metadata(metadata).build());
            for (Priority priority : Priority.WORK) {
              ensureConsumer(jetStream, pool, priority);
            }
            return true;
          });
    } catch (TransportException e) {
      if (e.getCause() instanceof JetStreamApiException refusal
          && NO_ROOM.contains(refusal.getApiErrorCode())) {
        throw new TransportException(
            "NATS has no room for another pool: each reserves %d MiB, on %d of its servers (%s). Raise nats.storage.maxFileStore of the chart, or delete a pool"
                .formatted(
                    (limits.taskBytes() + limits.resultBytes() + DEAD_LETTER_BYTES) >> 20,
                    copies,
                    refusal.getErrorDescription()),
            e);
      }
      throw e;
    }
  }

  @Override
  public void removePool(String pool) {
    call(
        "remove the streams of pool " + pool,
        jetStream -> {
          for (String stream : streams(pool)) {
            found(() -> jetStream.deleteStream(stream));
          }
          return true;
        });
  }

  private static List<String> streams(String pool) {
    return List.of(
        Subjects.taskStream(pool),
        Subjects.resultStream(pool),
        Subjects.deadLetterStream(pool),
        Subjects.checkpointStream(pool));
  }

  @Override
  public void save(String pool, String namespace, byte[] checkpoint) {
    if (checkpoint.length > Envelope.MAX_PAYLOAD_BYTES) {
      throw new TransportException(
          "the checkpoint of pool %s has %d bytes, more than a message may have"
              .formatted(pool, checkpoint.length));
    }
    String subject = Subjects.checkpoint(pool);
    call(
        "keep the checkpoint of pool " + pool,
        jetStream -> {
          var stream =
              stream(Subjects.checkpointStream(pool))
                  .subjects(subject)
                  .discardPolicy(DiscardPolicy.Old)
                  .metadata(Map.of(NAMESPACE, namespace))
                  .build();
          if (found(() -> jetStream.getStreamInfo(stream.getName())) == null) {
            jetStream.addStream(stream);
          }
          return connection.nats().jetStream().publish(subject, checkpoint);
        });
  }

  @Override
  public Optional<byte[]> load(String pool) {
    return call(
        "read the checkpoint of pool " + pool,
        jetStream -> {
          MessageInfo last =
              found(
                  () ->
                      jetStream.getLastMessage(
                          Subjects.checkpointStream(pool), Subjects.checkpoint(pool)));
          return Optional.ofNullable(last).map(MessageInfo::getData);
        });
  }

  @Override
  public Optional<String> namespaceOf(String pool) {
    return call(
        "read the streams of pool " + pool,
        jetStream -> {
          // A removal that did not come to its end leaves some of them.
          for (String stream : streams(pool)) {
            StreamInfo info = found(() -> jetStream.getStreamInfo(stream));
            if (info != null) {
              return Optional.ofNullable(namespace(info.getConfiguration()));
            }
          }
          return Optional.empty();
        });
  }

  private static @Nullable String namespace(StreamConfiguration stream) {
    return stream.getMetadata() == null ? null : stream.getMetadata().get(NAMESPACE);
  }

  @Override
  public boolean removeEnded(String pool, String taskId) {
    return call(
        "remove task " + taskId,
        jetStream -> {
          String result = Subjects.result(pool, taskId);
          if (found(() -> jetStream.getLastMessage(Subjects.resultStream(pool), result)) == null) {
            return false;
          }
          var filter = PurgeOptions.subject(Subjects.task(pool, taskId));
          return jetStream.purgeStream(Subjects.taskStream(pool), filter).getPurged() > 0;
        });
  }

  @Override
  public Set<String> pools() {
    return call(
        "list the streams",
        jetStream -> {
          var pools = new TreeSet<String>();
          for (String stream : jetStream.getStreamNames()) {
            String pool = Subjects.poolOfStream(stream);
            if (pool != null) {
              pools.add(pool);
            }
          }
          return pools;
        });
  }

  @Override
  public long backlog(String pool) {
    return flow(pool).map(Flow::waiting).orElse(0L);
  }

  @Override
  public Optional<Flow> flow(String pool) {
    return call(
        "read the queue of pool " + pool,
        jetStream ->
            Optional.ofNullable(found(() -> jetStream.getStreamInfo(Subjects.taskStream(pool))))
                .map(StreamInfo::getStreamState)
                .map(state -> new Flow(state.getMsgCount(), state.getLastSequence())));
  }

  private StreamConfiguration.Builder tasks(String pool, Limits limits) {
    return stream(Subjects.taskStream(pool))
        .subjects(Priority.WORK.stream().map(p -> Subjects.tasks(pool, p)).toList())
        .retentionPolicy(RetentionPolicy.WorkQueue)
        .discardPolicy(DiscardPolicy.New)
        .discardNewPerSubject(true)
        .duplicateWindow(DUPLICATE_WINDOW)
        .maxBytes(limits.taskBytes());
  }

  private StreamConfiguration.Builder results(String pool, Limits limits) {
    Duration age = Duration.ofSeconds(limits.resultRetentionSeconds());
    return stream(Subjects.resultStream(pool))
        .subjects(Subjects.result(pool, "*"))
        .retentionPolicy(RetentionPolicy.Limits)
        .discardPolicy(DiscardPolicy.New)
        .discardNewPerSubject(true)
        .duplicateWindow(age.compareTo(DUPLICATE_WINDOW) < 0 ? age : DUPLICATE_WINDOW)
        .maxAge(age)
        .maxBytes(limits.resultBytes());
  }

  private StreamConfiguration.Builder deadLetters(String pool) {
    return stream(Subjects.deadLetterStream(pool))
        .subjects(Subjects.deadLetter(pool, "*"), Subjects.attempt(pool, "*"))
        .retentionPolicy(RetentionPolicy.Limits)
        .discardPolicy(DiscardPolicy.Old)
        .duplicateWindow(DUPLICATE_WINDOW)
        .maxAge(DEAD_LETTER_AGE)
        .maxBytes(DEAD_LETTER_BYTES);
  }

  private StreamConfiguration.Builder stream(String name) {
    return StreamConfiguration.builder()
        .name(name)
        .replicas(copies)
        .storageType(StorageType.File)
        .maxMessagesPerSubject(1)
        .allowDirect(false);
  }

  private static ConsumerConfiguration consumer(String pool, Priority priority) {
    return ConsumerConfiguration.builder()
        .durable(Subjects.consumer(priority))
        .filterSubject(Subjects.tasks(pool, priority))
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(ACK_WAIT)
        .maxDeliver(-1)
        .maxAckPending(MAX_ACK_PENDING)
        .maxPullWaiting(MAX_WAITING_PULLS)
        .build();
  }

  private static void ensureStream(JetStreamManagement jetStream, StreamConfiguration wanted)
      throws IOException, JetStreamApiException {
    StreamInfo info = found(() -> jetStream.getStreamInfo(wanted.getName()));
    if (info == null) {
      jetStream.addStream(wanted);
    } else if (!same(info.getConfiguration(), wanted)) {
      jetStream.updateStream(wanted);
    }
  }

  private static boolean same(StreamConfiguration is, StreamConfiguration wanted) {
    return is.getSubjects().equals(wanted.getSubjects())
        && is.getRetentionPolicy() == wanted.getRetentionPolicy()
        && is.getDiscardPolicy() == wanted.getDiscardPolicy()
        && is.isDiscardNewPerSubject() == wanted.isDiscardNewPerSubject()
        && is.getMaxMsgsPerSubject() == wanted.getMaxMsgsPerSubject()
        && is.getMaxBytes() == wanted.getMaxBytes()
        && Objects.equals(is.getMaxAge(), wanted.getMaxAge())
        && Objects.equals(is.getDuplicateWindow(), wanted.getDuplicateWindow())
        && is.getAllowDirect() == wanted.getAllowDirect()
        && Objects.equals(namespace(is), namespace(wanted));
  }

  private static void ensureConsumer(JetStreamManagement jetStream, String pool, Priority priority)
      throws IOException, JetStreamApiException {
    ConsumerConfiguration wanted = consumer(pool, priority);
    String stream = Subjects.taskStream(pool);
    ConsumerInfo info = found(() -> jetStream.getConsumerInfo(stream, Subjects.consumer(priority)));
    if (info == null || !same(info.getConsumerConfiguration(), wanted)) {
      jetStream.addOrUpdateConsumer(stream, wanted);
    }
  }

  private static boolean same(ConsumerConfiguration is, ConsumerConfiguration wanted) {
    return Objects.equals(is.getFilterSubject(), wanted.getFilterSubject())
        && is.getAckPolicy() == wanted.getAckPolicy()
        && Objects.equals(is.getAckWait(), wanted.getAckWait())
        && is.getMaxDeliver() == wanted.getMaxDeliver()
        && is.getMaxAckPending() == wanted.getMaxAckPending()
        && is.getMaxPullWaiting() == wanted.getMaxPullWaiting();
  }

  /** What the call gives, or null when the server has no such thing. */
  private static <T> @Nullable T found(Lookup<T> lookup) throws IOException, JetStreamApiException {
    try {
      return lookup.look();
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private <T> T call(String what, Call<T> call) {
    try {
      return call.on(connection.nats().jetStreamManagement());
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      String why = connection.connected() ? e.getMessage() : "NATS is away";
      throw new TransportException("cannot " + what + ": " + why, e);
    }
  }

  private interface Call<T> {
    T on(JetStreamManagement jetStream) throws IOException, JetStreamApiException;
  }

  private interface Lookup<T> {
    T look() throws IOException, JetStreamApiException;
  }
}
