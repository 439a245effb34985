package dev.strata.agent.telemetry;

import dev.strata.agent.validation.Judgement;
import dev.strata.protocol.WireBytes;
import java.util.List;
import java.util.Map;

/** The signals that this process feeds. */
public final class Signals {
  /** Attempts of the handler. */
  public final Timed responseTime = new Timed("response-time", System::nanoTime);

  /** Probes of peers and their answers. */
  public final Timed agentLatency = new Timed("agent-latency", System::nanoTime);

  /** Probes on their way to a peer on the same node. */
  public final Timed deliveryLocal = new Timed("delivery-local", System::nanoTime);

  /** Probes on their way to a peer on another node. */
  public final Timed deliveryRemote = new Timed("delivery-remote", System::nanoTime);

  /** Tasks that failed at first, and whether trying again healed them. */
  public final Timed recovery = new Timed("auto-recovery", System::nanoTime);

  private final List<Timed> timed =
      List.of(responseTime, agentLatency, deliveryLocal, deliveryRemote, recovery);

  /** Ways to a peer on the same node that could be timed, among all. */
  final Tally localTimed = new Tally();

  /** Ways to a peer on another node that could be timed, among all. */
  final Tally remoteTimed = new Tally();

  /** Messages that have to be acknowledged from the other end before their deadline. */
  public final Deliveries delivery = new Deliveries(System::nanoTime);

  /** Nanoseconds of tasks that went into coordination, over nanoseconds of tasks in all. */
  public final Tally coordination = new Tally();

  private final Tally accuracy = new Tally();
  private final Tally judging = new Tally();
  private volatile boolean outputsJudged;
  private volatile WireBytes wire = new WireBytes();

  private final Tally collection = new Tally();
  private final GcTime gcTime = new GcTime();
  private final AgentMemory memory = AgentMemory.ofThisProcess();

  /** Tells of accuracy from now on. */
  public void judgeOutputs() {
    outputsJudged = true;
  }

  /** Tells of the bytes of this connection from now on; called before the first report. */
  public void countBytes(WireBytes ofConnection) {
    wire = ofConnection;
  }

  /** A task has come to its end, once for all, and was judged or could not be. */
  public void judged(Judgement judgement) {
    boolean judged = !(judgement instanceof Judgement.NotJudged);
    judging.count(judged);
    if (judged) {
      accuracy.count(judgement instanceof Judgement.Correct);
    }
  }

  /** Judges timed events by these thresholds from now on. */
  void judgeBy(Map<String, List<Long>> thresholds) {
    timed.forEach(t -> t.judgeBy(thresholds.getOrDefault(t.signal(), List.of())));
  }

  /** Reads everything. */
  Readings read() {
    gcTime.addTo(collection);
    var readings = new Readings();
    for (Timed each : timed) {
      each.tick();
      each.read(readings);
    }
    delivery.read("delivery-success", readings);
    readings.events("delivery-local-judged", localTimed);
    readings.events("delivery-remote-judged", remoteTimed);
    if (outputsJudged) {
      readings.events("accuracy", accuracy);
      readings.events("accuracy-judged", judging);
    }
    readings.sums("sync-overhead", coordination);
    readings.sums("overhead", wire.protocol(), wire.work());
    readings.sums("overhead-engine", wire.engine(), wire.work());
    readings.sums("gc", collection);
    memory.read(readings);
    return readings;
  }
}
