package dev.strata.operator.gate;

import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Telemetry;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A gate of the operator's own whose verdict changes every 15 seconds on purpose. Verdicts seldom
 * change, and without it nobody would know how long a status takes until one does. Its pool is one
 * agent that does not exist; what is said in its name goes the way of all telemetry.
 */
public final class Canary implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Canary.class);

  /** As the gate calls it. */
  private static final String POOL = "strata-canary";

  /** As many changes in the 15 minutes of gate-processing as that objective needs to be judged. */
  private static final long TURN_SECONDS = 15;

  private static final String SIGNAL = "response-time";
  private static final long THRESHOLD_MILLIS = 1_000;

  /** Operations a second that are told of, all of them good. */
  private static final long RATE = 4;

  private final Transport transport;
  private final GateBoard board;
  private final KubernetesClient client;
  private final String name;
  private final String secret;
  private final Apply apply;
  private final Pools.Pool pool;
  private final Pools.Agent agent;
  private final String process = UUID.randomUUID().toString();
  private final Messages messages;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("canary").factory());
  private long begun;
  private long looked = -1;
  private boolean applied;

  /**
   * Does nothing yet.
   *
   * @param namespace the operator's own
   * @param name of the gate
   * @param secret a Secret of the release in that namespace: the gate goes when it does
   */
  public Canary(
      Transport transport,
      GateBoard board,
      KubernetesClient client,
      String namespace,
      String name,
      String secret) {
    this.transport = transport;
    this.board = board;
    this.client = client;
    this.name = name;
    this.secret = secret;
    this.apply = new Apply(client, "strata-canary");
    this.agent = new Pools.Agent(POOL, POOL, UUID.randomUUID().toString(), "", true);
    // Of this process: the canary of another one is none of its business.
    this.pool =
        new Pools.Pool(
            UUID.randomUUID().toString(),
            namespace,
            POOL,
            "",
            1,
            Duration.ofMinutes(1),
            List.of(agent));
    this.messages = new Messages(POOL);
  }

  /** The pool that the gate judges. */
  public Pools.Pool pool() {
    return pool;
  }

  /** Begins to speak, once this process acts. */
  public void start() {
    board
        .pools()
        .whenLeading(
            () -> {
              begun = System.nanoTime();
              var unused = timer.scheduleAtFixedRate(this::second, 0, 1, TimeUnit.SECONDS);
            });
  }

  private void second() {
    try {
      if (!board.pools().leading()) {
        return;
      }
      long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      // Once it is made what this version says, whatever was there before.
      boolean due = second / TURN_SECONDS != looked;
      looked = second / TURN_SECONDS;
      if (due && (!applied || !board.exists(pool.namespace(), name))) {
        apply.object(gate());
        applied = true;
      }
      if (second > 0) {
        tell(second);
      }
    } catch (KubernetesClientException | TransportException e) {
      LOG.warnf("the canary waits: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the canary failed", e);
    }
  }

  /** What the file says and no more: the rest is the user's, such as to suspend it. */
  private HasMetadata gate() {
    var gate =
        Serialization.unmarshal(
            Canary.class.getResourceAsStream("/dev/strata/canary.yaml"),
            GenericKubernetesResource.class);
    var owner = client.secrets().inNamespace(pool.namespace()).withName(secret).require();
    gate.getMetadata().setNamespace(pool.namespace());
    gate.getMetadata().setName(name);
    gate.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion("v1")
                    .withKind("Secret")
                    .withName(secret)
                    .withUid(owner.getMetadata().getUid())
                    .build()));
    return gate;
  }

  private void tell(long second) {
    List<Long> each = Collections.nCopies((int) Math.min(second, Telemetry.SECONDS), RATE);
    var events = new Telemetry.Growth(RATE * second, RATE * second, each, each);
    boolean blind = second / TURN_SECONDS % 2 == 1;
    var telemetry =
        new Telemetry(
            pool.uid(),
            agent.pod(),
            agent.podUid(),
            process,
            agent.identity(),
            1,
            second,
            Map.of(Telemetry.key(SIGNAL, THRESHOLD_MILLIS), events),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            blind ? Map.of(SIGNAL, "SourceError") : Map.of(),
            0,
            false);
    transport.publish(
        Subjects.telemetry(pool.uid(), agent.pod()),
        messages.wrap(MessageType.TELEMETRY, Priority.LOW, 1, telemetry));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
