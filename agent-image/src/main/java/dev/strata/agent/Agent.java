package dev.strata.agent;

import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.http.HttpFront;
import dev.strata.agent.telemetry.TelemetryLane;
import dev.strata.agent.validation.Validation;
import dev.strata.agent.work.TaskLoop;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Cancel;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsTransport;
import dev.strata.protocol.nats.NatsWorkLane;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One agent, wired: connection, membership, heartbeats, task loop and HTTP. */
public final class Agent implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(1);

  /** Operators and streams answer within some tens of milliseconds. */
  private static final long ANSWER_MILLIS = 100;

  private static final long LOOK_MILLIS = 10;
  private static final long HAND_BACK_MILLIS = 3000;

  private final AgentSettings settings;
  private final TaskHandler handler;
  private final Startup startup;
  private final Log log;
  private final Counts counts;
  private final InTouch touch;
  private final Membership membership;
  private final NatsConnection connection;
  private final NatsTransport transport;
  private final NatsWorkLane lane;
  private final AgentGate gate;
  private final Heartbeats heartbeats;
  private final Renewal renewal;
  private final TelemetryLane telemetry;
  private final @Nullable Judges judges;
  private final TaskLoop loop;
  private final HttpFront http;
  private final CountDownLatch activated = new CountDownLatch(1);
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Agent(
      AgentSettings settings,
      TaskHandler handler,
      Validation validation,
      Startup startup,
      Counts counts,
      Log log,
      NatsConnection connection) {
    AgentConfig config = settings.config();
    this.settings = settings;
    this.handler = handler;
    this.startup = startup;
    this.counts = counts;
    this.log = log;
    this.touch = new InTouch(System::nanoTime, InTouch.LIMIT);
    this.membership = new Membership(settings.podUid(), touch);
    this.connection = connection;
    this.transport = new NatsTransport(connection);
    this.lane = new NatsWorkLane(connection, settings.pool(), settings.pod());
    this.gate = new AgentGate(membership, touch, transport);
    var messages = new Messages(settings.pod());
    this.heartbeats =
        new Heartbeats(
            transport, messages, touch, this::heartbeat, membership::settle, this::suspicion);
    this.telemetry = new TelemetryLane(transport, messages, counts.signals, this::speaker);
    this.renewal = new Renewal(settings, connection, log, heartbeats::now);
    this.judges = judges(messages);
    Validation judging = judges == null ? validation : judges.validation();
    this.loop =
        new TaskLoop(
            lane,
            config,
            handler,
            judging,
            membership,
            gate,
            counts,
            settings.pod(),
            log,
            this::firstTaken);
    counts.signals.countBytes(connection.wire());
    if (judging.judges()) {
      counts.signals.judgeOutputs();
    }
    this.http = new HttpFront(settings, lane, transport, messages, this::health);
  }

  /** Those whom the agent asks about its outputs; null where it asks nobody. */
  private @Nullable Judges judges(Messages messages) {
    AgentConfig config = settings.config();
    if (config.voters() > 1) {
      return new Consensus(
          settings, handler, transport, messages, telemetry, membership, gate, counts);
    }
    AgentConfig.Validation asked = config.validation();
    return asked != null && config.asksVerifier()
        ? new Verification(settings, asked, connection)
        : null;
  }

  /**
   * Connects, sends the first heartbeat and starts everything else after it.
   *
   * @throws BadConfigurationException when outputs are to be judged by what cannot judge, or the
   *     credentials cannot be opened
   * @throws dev.strata.protocol.TransportException when no server answered or it refused us
   * @throws java.io.UncheckedIOException when its HTTP address is taken
   */
  public static Agent start(AgentSettings settings, TaskHandler handler, Startup startup, Log log)
      throws InterruptedException {
    return start(settings, handler, startup, log, connect(settings.link(), log), agent -> {});
  }

  /** Begins to connect, on a thread of its own. */
  static Future<NatsConnection> connect(AgentSettings.Link link, Log log) {
    var connecting =
        new FutureTask<>(
            () ->
                NatsConnection.connect(
                    link.natsUrls(),
                    link.natsAuthority(),
                    link.auth(),
                    link.pod(),
                    CONNECT_LIMIT,
                    log::warn));
    Thread.ofPlatform().daemon().name("connect").start(connecting);
    return connecting;
  }

  private static NatsConnection connected(Future<NatsConnection> connecting)
      throws InterruptedException {
    try {
      return connecting.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the connecting ended unexpectedly", e);
    }
  }

  /**
   * Likewise, on a connection that is on its way.
   *
   * @param made told of the agent before it begins: it may have a task before it has all its parts,
   *     and somebody has to see to its end from then on
   */
  static Agent start(
      AgentSettings settings,
      TaskHandler handler,
      Startup startup,
      Log log,
      Future<NatsConnection> connecting,
      Consumer<Agent> made)
      throws InterruptedException {
    var validation = Validation.of(settings.config());
    var rehearsal = new Rehearsal(settings.podUid());
    // Beside the connecting, most of which is waiting.
    rehearsed(rehearsal::activation, log);
    var counts = new Counts();
    NatsConnection connection = connected(connecting);
    var agent = new Agent(settings, handler, validation, startup, counts, log, connection);
    made.accept(agent);
    try {
      agent.begin(rehearsal);
    } catch (RuntimeException e) {
      // Half an agent, with heartbeats but without HTTP, must not stay.
      agent.close();
      throw e;
    }
    return agent;
  }

  private void begin(Rehearsal rehearsal) {
    String pool = settings.pool();
    transport.subscribe(
        Subjects.control(pool, settings.pod()), (subject, message) -> told(message));
    transport.subscribe(Subjects.cancel(pool), (subject, message) -> cancelled(message));
    heartbeats.start();
    loop.start();
    awaitActivation();
    telemetry.start();
    http.start(log, new AgentMetrics(counts, this::health));
    startup.announce(log);
    if (membership.state().role() == Role.SPARE) {
      Thread.ofPlatform().daemon().name("rehearsal").start(() -> rehearsed(rehearsal::tasks, log));
    }
    if (settings.config().lacksVerifier()) {
      log.warn(
          "outputs are not judged: the pool that spec.agent.validation.verifier names could not be"
              + " asked when this pod was made; see the pool's condition VerifierMissing");
    }
    log.info(
        "agent " + settings.pod() + " of pool " + pool + " is ready, handler " + handler.name());
    lane.prepare(Priority.WORK.size());
  }

  /**
   * A cold agent is told at once what it is to be, and has its first task: what else an agent has
   * to start would take the cores from that. A spare loses nothing by it.
   */
  private void awaitActivation() {
    try {
      if (activated.await(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
        var unused = taken.await(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void firstTaken() {
    heartbeats.now();
    taken.countDown();
  }

  /** See {@link Rehearsal}; a failure of it only makes the first task slower. */
  private static void rehearsed(Runnable part, Log log) {
    try {
      part.run();
    } catch (RuntimeException e) {
      log.warn("the rehearsal failed: " + e);
    }
  }

  private Heartbeat heartbeat(long sequence) {
    Membership.State state = membership.state();
    return new Heartbeat(
        settings.pool(),
        settings.pod(),
        settings.podUid(),
        startup.process(),
        settings.node(),
        sequence,
        state.role(),
        state.identity(),
        state.epoch(),
        state.role() != Role.SPARE && touch.suspect(),
        loop.inFlight(),
        settings.config().concurrency(),
        counts.taken.get(),
        counts.ended(),
        counts.failedAttempts.get(),
        startup.millis(),
        startup.jvmMillis(),
        renewal.until().getEpochSecond(),
        startup.aotCache());
  }

  private TelemetryLane.Speaker speaker() {
    Membership.State state = membership.state();
    return new TelemetryLane.Speaker(
        settings.pool(),
        settings.pod(),
        settings.podUid(),
        startup.process(),
        settings.node(),
        state.role() == Role.FENCED ? null : state.identity(),
        state.epoch());
  }

  private Health health() {
    return new Health(
        membership.state().role(),
        connection.connected(),
        touch.suspect(),
        loop.overrun(),
        loop.inFlight(),
        settings.config().concurrency(),
        startup.aotCache());
  }

  private void told(Envelope message) {
    switch (message.type()) {
      case CREDENTIALS -> renewal.take(message);
      case WANTED_TELEMETRY -> telemetry.take(message);
      default -> wanted(message);
    }
  }

  private void wanted(Envelope message) {
    WantedState wanted =
        Messages.readOfOperator(message, MessageType.WANTED_STATE, WantedState.class);
    switch (membership.apply(wanted)) {
      case NONE -> {}
      case ACTIVATED -> {
        heartbeats.now();
        loop.allowed();
        activated.countDown();
        log.info("active as " + wanted.identity() + " epoch " + wanted.epoch());
      }
      case CONFIRMED -> {
        log.info("confirmed as " + wanted.identity() + " epoch " + wanted.epoch());
        loop.allowed();
        heartbeats.now();
      }
      case DRAINING -> {
        log.info("draining: " + wanted.reason());
        Thread.ofPlatform().name("drain").start(this::drain);
      }
      case FENCED -> {
        log.warn("fenced, another pod holds the identity: " + wanted.reason());
        Thread.ofPlatform().name("fence").start(this::fence);
      }
      case REFUSED -> {
        counts.refused.incrementAndGet();
        log.warn("refused to become " + wanted + "; this pod is " + membership.state());
        heartbeats.now();
      }
    }
  }

  private void cancelled(Envelope message) {
    loop.cancel(Messages.read(message, MessageType.CANCEL, Cancel.class).id());
  }

  private void suspicion(boolean suspect) {
    if (membership.state().role() == Role.SPARE) {
      return;
    }
    if (suspect) {
      log.warn("out of touch for too long: results are held back until the operator confirms");
      loop.forbidden();
    } else {
      loop.allowed();
    }
  }

  /** Finishes what there is, or hands it back when the time is over. Stays alive. */
  private void drain() {
    loop.forbidden();
    heartbeats.now();
    if (!idleWithin(settings.config().drainMillis())) {
      log.warn("drain time is over: handing back " + loop.inFlight() + " tasks");
      gate.end();
      endJudges();
      loop.handBackAll();
      idleWithin(HAND_BACK_MILLIS);
    }
    heartbeats.now();
  }

  private boolean idleWithin(long millis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (loop.inFlight() > 0) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private void fence() {
    loop.dropAll();
    endJudges();
    loop.forbidden();
    end.complete(0);
  }

  /** Waits until the agent has come to its own end, and gives its exit status. */
  public int awaitEnd() throws InterruptedException {
    while (true) {
      try {
        return end.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (connection.closed()) {
          log.warn("NATS closed the connection for good: its servers refuse this agent now");
          return 1;
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Whether the agent came to its own end. */
  boolean ended() {
    return end.isDone() || connection.closed();
  }

  /** Where its HTTP server listens; -1 while it does not. */
  public int httpPort() {
    return http.port();
  }

  /** Ends gracefully: no new work, finish or hand back, a last heartbeat. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    if (membership.drain() != Membership.Change.REFUSED) {
      drain();
    }
    heartbeats.close();
    http.close();
    loop.close();
    endJudges();
    telemetry.close();
    if (handler instanceof AutoCloseable closeable) {
      closeHandler(closeable);
    }
    transport.close();
    end.complete(0);
  }

  private void endJudges() {
    if (judges != null) {
      judges.close();
    }
  }

  private void closeHandler(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      log.warn("the handler failed to close: " + e);
    }
  }
}
