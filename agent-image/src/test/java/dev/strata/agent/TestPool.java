package dev.strata.agent;

import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Role;
import dev.strata.protocol.Sealed;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.WantedState;
import dev.strata.protocol.WorkAdmin;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsServer;
import dev.strata.protocol.nats.NatsTransport;
import dev.strata.protocol.nats.NatsWorkAdmin;
import dev.strata.protocol.nats.NatsWorkLane;
import dev.strata.protocol.nats.PodUser;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A pool with streams and an operator's voice, for tests of agents. */
public final class TestPool implements AutoCloseable {
  public static final String TOKEN = "test-token";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Messages MESSAGES = new Messages("operator");

  private final NatsServer server;
  private final String uid = "uid-" + COUNT.incrementAndGet();
  private final String sealKey = Sealed.newKey();
  private final NatsConnection connection;
  private final NatsTransport transport;
  private final NatsWorkLane lane;
  private final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();
  private volatile boolean confirms = true;

  public TestPool(NatsServer server) throws InterruptedException {
    this.server = server;
    this.connection = server.administrator();
    this.transport = new NatsTransport(connection);
    new NatsWorkAdmin(connection).ensurePool(uid, "agents", WorkAdmin.Limits.DEFAULT);
    this.lane = new NatsWorkLane(connection, uid, "operator");
    transport.subscribe(
        "hb." + uid + ".>",
        (subject, envelope) ->
            heard(Messages.read(envelope, MessageType.HEARTBEAT, Heartbeat.class)));
    transport.flush(Duration.ofSeconds(2));
  }

  private void heard(Heartbeat heartbeat) {
    heartbeats.add(heartbeat);
    if (confirms && heartbeat.suspect() && heartbeat.role() == Role.ACTIVE) {
      var same =
          new WantedState(
              heartbeat.podUid(),
              heartbeat.role(),
              heartbeat.identity(),
              heartbeat.epoch(),
              "Test",
              heartbeat.sequence());
      tell(heartbeat.pod(), same);
    }
  }

  /**
   * From now on agents that were out of touch, as any is after a pause of its process, are not told
   * by themselves that they are still wanted.
   */
  public void confirmNobody() {
    confirms = false;
  }

  /** A handler from the class path. */
  public static AgentConfig.Handler java(String name) {
    return new AgentConfig.Handler(new AgentConfig.Java(name), null, null, null);
  }

  /** A program, one process a task. */
  public static AgentConfig.Handler exec(String... command) {
    return new AgentConfig.Handler(null, new AgentConfig.Exec(List.of(command), false), null, null);
  }

  /** Two slots, three attempts, half a minute for a task. */
  public static AgentConfig config(AgentConfig.Handler handler) {
    return new AgentConfig(handler, 2, 30_000, 3, 10, 40, 2000, 10_000);
  }

  /** Likewise, with outputs that are judged. */
  public static AgentConfig config(AgentConfig.Handler handler, AgentConfig.Validation validation) {
    return new AgentConfig(handler, 2, 30_000, 3, 10, 40, 2000, 10_000, validation);
  }

  /** The environment that the operator would give a pod. */
  public Map<String, String> environment(String pod, AgentConfig config) throws Exception {
    var environment = new HashMap<String, String>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put(AgentEnvironment.POOL_UID, uid);
    environment.put(AgentEnvironment.POOL, "pool");
    environment.put(AgentEnvironment.POD_NAME, pod);
    environment.put(AgentEnvironment.POD_UID, "uid-of-" + pod);
    environment.put(AgentEnvironment.NODE, "node-1");
    environment.put(AgentEnvironment.POD_IP, "127.0.0.1");
    environment.put(AgentEnvironment.HTTP_PORT, "0");
    environment.put(AgentEnvironment.NATS_URL, server.url());
    environment.put(AgentEnvironment.HTTP_TOKEN, TOKEN);
    environment.put(AgentEnvironment.SEAL_KEY, sealKey);
    environment.put(AgentEnvironment.CREDENTIALS, user(pod, config).asText());
    environment.put(AgentEnvironment.CONFIG, Messages.mapper().writeValueAsString(config));
    return environment;
  }

  private PodUser user(String pod, AgentConfig config) {
    return PodUser.make(
        sealKey,
        pod,
        seed ->
            server
                .accounts()
                .agent(uid, pod, verifier(config), seed, Duration.ofHours(1), Clock.systemUTC()));
  }

  private static @Nullable String verifier(AgentConfig config) {
    var validation = config.validation();
    return validation == null ? null : validation.verifier();
  }

  /** Tells a pod what it is to be, as the answer to its last heartbeat. */
  public void want(String pod, Role role, @Nullable String identity, long epoch) {
    List<Heartbeat> heard = heartbeats(pod);
    var wanted =
        new WantedState(
            "uid-of-" + pod,
            role,
            identity,
            epoch,
            "Test",
            heard.isEmpty() ? 0 : heard.getLast().sequence());
    tell(pod, wanted);
  }

  private void tell(String pod, WantedState wanted) {
    transport.publish(
        Subjects.control(uid, pod),
        MESSAGES.wrap(MessageType.WANTED_STATE, Priority.EMERGENCY, wanted.epoch(), wanted));
  }

  public String submit(String input) {
    return submit(input, Priority.NORMAL);
  }

  public String submit(String input, Priority priority) {
    var task = new Task(MessageIds.newTaskId(), input, System.currentTimeMillis());
    if (lane.submit(task, priority) != WorkLane.Submission.STORED) {
      throw new IllegalStateException("not stored");
    }
    return task.id();
  }

  /** The result of a task, which has to come within ten seconds. */
  public TaskResult result(String taskId) throws InterruptedException {
    Optional<TaskResult> result = lane.awaitResult(taskId, Duration.ofSeconds(60));
    return result.orElseThrow(() -> new AssertionError("no result of " + taskId));
  }

  public NatsWorkLane lane() {
    return lane;
  }

  public NatsTransport transport() {
    return transport;
  }

  public String uid() {
    return uid;
  }

  /** How many tasks are stored and not ended. */
  public long backlog() {
    return new NatsWorkAdmin(connection).backlog(uid);
  }

  /** Takes a task out of its stream if it has a result. */
  public boolean removeEnded(String taskId) {
    return new NatsWorkAdmin(connection).removeEnded(uid, taskId);
  }

  /** All heartbeats of a pod so far. */
  public List<Heartbeat> heartbeats(String pod) {
    return heartbeats.stream().filter(heartbeat -> heartbeat.pod().equals(pod)).toList();
  }

  /** Waits for the last heartbeat of a pod to be like this. */
  public Heartbeat awaitHeartbeat(String pod, Predicate<Heartbeat> like) {
    return Awaitility.await("a heartbeat of " + pod)
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> heartbeats(pod).isEmpty() ? null : heartbeats(pod).getLast(),
            last -> last != null && like.test(last));
  }

  @Override
  public void close() {
    transport.close();
  }
}
