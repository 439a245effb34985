package dev.strata.operator.gate;

import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.core.gate.GateConditions;
import dev.strata.core.gate.Verdict;
import dev.strata.protocol.Checkpoints;
import dev.strata.protocol.TransportException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All gates and the signals of all pools. Evaluates on arrival, at most every 100 ms, and each
 * second; tells the reconciler when a verdict has changed.
 */
@Singleton
public final class GateBoard {
  /** The condition of a pool that speaks of its gates. */
  public static final String POOL_CONDITION = "QualityGatesSatisfied";

  private static final Logger LOG = Logger.getLogger(GateBoard.class);
  private static final long COALESCE_MILLIS = 100;
  private static final long NONE = Long.MAX_VALUE;

  /** Less than a report tells of: what comes after a checkpoint is told again by the agents. */
  private static final Duration KEEP = Duration.ofSeconds(15);

  private final GateMeters meters;
  private final Map<String, Measured> pools = new ConcurrentHashMap<>();
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private final Looked looked = new Looked();
  private final Unjudged unjudged = new Unjudged();

  private final Processing processing;
  private final Enforcement enforcement = new Enforcement(this);

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("gates").factory());
  private final ScheduledExecutorService keeping =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("keeping").factory());

  /** What operators before this one had judged, by gate, until the gate is seen. */
  private final Map<String, SavedGate> saved = new ConcurrentHashMap<>();

  /** When the oldest news came in that were not evaluated yet. */
  private final AtomicLong oldest = new AtomicLong(NONE);

  private final AtomicBoolean queued = new AtomicBoolean();
  private final MonotonicClock clock = new MonotonicClock();
  private volatile Consumer<QualityGate> onChange = gate -> {};
  private volatile Supplier<List<QualityGate>> existing = List::of;
  private volatile boolean allKnown;
  private volatile @Nullable Pools directory;
  private volatile @Nullable Keeper keeper;

  /** Wired by CDI. */
  public GateBoard(MeterRegistry meters) {
    this.meters = new GateMeters(meters);
    this.processing = new Processing(this.meters, pools::values);
  }

  /** Begins to evaluate; called once the pools can be asked for. */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the ticker
  public void start(Pools pools, Checkpoints checkpoints) {
    this.directory = pools;
    this.keeper = new Keeper(checkpoints);
    ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    keeping.scheduleWithFixedDelay(
        this::keep, KEEP.toMillis(), KEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Keeps what was measured of the pools that have gates, for an operator that comes after. */
  private void keep() {
    Keeper to = keeper;
    if (to == null || !pools().leading()) {
      return;
    }
    try {
      watches.values().stream()
          .map(Watch::poolUid)
          .distinct()
          .filter(pools()::lasting)
          .toList()
          .forEach(
              uid ->
                  pools()
                      .find(uid)
                      .ifPresent(
                          pool -> to.save(pool, measured(uid), watchesOf(uid), waiting(uid))));
    } catch (RuntimeException e) {
      LOG.error("what was measured could not be kept", e);
    }
  }

  /** What earlier operators had judged of gates that cannot be judged now, but may be again. */
  private Map<String, SavedGate> waiting(String poolUid) {
    Map<String, SavedGate> waiting = new HashMap<>();
    for (String uid : unjudged.of(poolUid)) {
      SavedGate gate = saved.get(uid);
      if (gate != null) {
        waiting.put(uid, gate);
      }
    }
    return waiting;
  }

  /** The gates of a pool. */
  List<Watch> watchesOf(String poolUid) {
    return watches.values().stream().filter(w -> w.poolUid().equals(poolUid)).toList();
  }

  /**
   * Takes up what another operator has measured of a pool; called before anything else is.
   *
   * @throws TransportException when the engine did not answer: nothing is known of the pool yet
   */
  public void open(String poolUid) {
    Keeper from = keeper;
    if (from == null || pools.containsKey(poolUid)) {
      return;
    }
    from.load(poolUid)
        .ifPresent(
            kept -> {
              saved.putAll(kept.gates());
              pools.put(poolUid, new Measured(kept.signals()));
            });
  }

  /**
   * Says who is told of a changed verdict, and which gates there are.
   *
   * @param listener called with each gate whose verdict has changed
   */
  void gates(Consumer<QualityGate> listener, Supplier<List<QualityGate>> all) {
    this.onChange = listener;
    this.existing = all;
  }

  /** From now on it is known which gates there are. */
  void allKnown() {
    allKnown = true;
  }

  Pools pools() {
    Pools found = directory;
    if (found == null) {
      throw new IllegalStateException("the gates have not been started yet");
    }
    return found;
  }

  /** The clock that everything is measured with, in milliseconds since 1970. */
  long now() {
    return clock.millis();
  }

  GateMeters meters() {
    return meters;
  }

  /** The signals of a pool that is being kept. */
  Measured measured(String poolUid) {
    return pools.computeIfAbsent(poolUid, uid -> new Measured());
  }

  /** Takes up a gate as it is now; what was known of targets that are unchanged stays. */
  Watch take(QualityGate gate, String poolUid, List<Target> targets) {
    String uid = gate.getMetadata().getUid();
    Watch before = watches.get(uid);
    if (before != null
        && before.poolUid().equals(poolUid)
        && before.targets().equals(targets)
        && before.gate().getMetadata().getGeneration().equals(gate.getMetadata().getGeneration())) {
      before.resume();
      if (unjudged.remove(uid)) {
        pools().judged(poolUid);
      }
      return before;
    }
    unjudged.remove(uid);
    var watch = new Watch(gate, poolUid, targets, before, saved.remove(uid), now());
    Measured measured = measured(poolUid);
    targets.forEach(measured::keep);
    pools().find(poolUid).ifPresent(measured::look);
    meters.forget(gate);
    watches.put(uid, watch);
    evaluate(watch, measured, NONE);
    pools().judged(poolUid);
    return watch;
  }

  /**
   * A gate cannot be judged as it is written now. What it said before goes on being judged and
   * holding; agents and templates are let be.
   *
   * @param reason in one word
   * @return how it was judged; empty where nothing is known of that
   */
  Optional<Watch> spoiled(QualityGate gate, String poolUid, String reason) {
    Watch watch = watches.get(gate.getMetadata().getUid());
    if (watch != null && !watch.poolUid().equals(poolUid)) {
      remove(gate);
      watch = null;
    }
    if (watch != null) {
      watch.pause();
    }
    if (unjudged.put(gate, poolUid, reason)) {
      pools().judged(poolUid);
    }
    return Optional.ofNullable(watch);
  }

  /** Evaluates a gate no more. */
  void remove(QualityGate gate) {
    unjudged.remove(gate.getMetadata().getUid());
    Watch gone = watches.remove(gate.getMetadata().getUid());
    processing.forget(gate.getMetadata().getUid());
    if (gone != null) {
      meters.forget(gate);
      pools().judged(gone.poolUid());
    }
  }

  /** A pool is being kept from now on: gates may have waited for it. */
  public void poolSeen(String namespace, String name) {
    existing.get().stream()
        .filter(
            g ->
                g.getMetadata().getNamespace().equals(namespace)
                    && g.getSpec().poolRef().name().equals(name))
        .forEach(onChange);
  }

  /** Whether there is a gate of that name. */
  boolean exists(String namespace, String name) {
    return existing.get().stream()
        .anyMatch(
            g ->
                g.getMetadata().getNamespace().equals(namespace)
                    && g.getMetadata().getName().equals(name));
  }

  /** A gate was looked at, and what it holds is known: its pool may have waited for that. */
  void looked(QualityGate gate) {
    if (looked.add(gate)) {
      pools()
          .find(gate.getMetadata().getNamespace(), gate.getSpec().poolRef().name())
          .ifPresent(pool -> pools().judged(pool.uid()));
    }
  }

  /** A gate of a pool that was not looked at yet, such as after the start of this operator. */
  Optional<String> unseen(String poolUid) {
    return allKnown
        ? pools()
            .find(poolUid)
            .flatMap(pool -> looked.missing(existing.get(), pool.namespace(), pool.name()))
            .map(gate -> "gate %s has not been looked at yet".formatted(gate))
        : Optional.of("it is not known yet which gates there are");
  }

  /** UIDs of the gates that there are. */
  Set<String> existing() {
    return existing.get().stream().map(g -> g.getMetadata().getUid()).collect(Collectors.toSet());
  }

  /** A deleted gate tells nobody: it is missed. */
  private void removeGone() {
    if (!allKnown) {
      return;
    }
    Set<String> there = existing();
    looked.keepOnly(there);
    unjudged.retain(there).forEach(pools()::judged);
    watches.values().stream()
        .map(Watch::gate)
        .filter(g -> !there.contains(g.getMetadata().getUid()))
        .toList()
        .forEach(this::remove);
  }

  /**
   * Agents count what some gate judges, and no more. While a gate is not taken up yet, such as
   * after a restart, nobody knows what it judges.
   */
  private void retain() {
    Set<String> unknown =
        existing.get().stream()
            .filter(g -> !watches.containsKey(g.getMetadata().getUid()) && !g.getSpec().suspend())
            .map(g -> g.getMetadata().getNamespace() + "/" + g.getSpec().poolRef().name())
            .collect(Collectors.toSet());
    pools.forEach(
        (uid, measured) ->
            pools()
                .find(uid)
                .filter(pool -> !unknown.contains(pool.namespace() + "/" + pool.name()))
                .ifPresent(
                    pool ->
                        measured.retain(
                            watchesOf(uid).stream()
                                .flatMap(w -> w.targets().stream())
                                .flatMap(t -> t.source().events().stream())
                                .collect(Collectors.toSet()))));
  }

  /** Forgets a pool that does not exist any more. */
  public void forgetPool(String poolUid) {
    pools.remove(poolUid);
  }

  /**
   * Something came in: evaluated soon, together with what comes until then.
   *
   * @param atMillis when it was received, by {@link #now}
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a failure is logged where it happens
  void arrived(long atMillis) {
    oldest.accumulateAndGet(atMillis, Math::min);
    if (queued.compareAndSet(false, true)) {
      ticker.schedule(this::evaluateQueued, COALESCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The tick evaluates too, but leaves the flag: else each tick would add a round that stays. */
  private void evaluateQueued() {
    queued.set(false);
    evaluateNews();
  }

  /**
   * The API server has acknowledged a status of a gate.
   *
   * @param looked when its verdicts were looked at
   */
  void acknowledged(QualityGate gate, long looked) {
    processing.acknowledged(gate.getMetadata().getUid(), looked, now());
  }

  /** What had changed by this moment has changed back before it was written. */
  void unsaid(QualityGate gate, long looked) {
    processing.unsaid(gate.getMetadata().getUid(), looked);
  }

  /** Telemetry was left out as too much of it waits: nobody judges by it in time. */
  void overlooked() {
    meters.refused("QueueFull");
    processing.overlooked(now());
  }

  private void evaluateNews() {
    long began = oldest.getAndSet(NONE);
    try {
      pools.forEach(
          (uid, measured) -> {
            if (measured.news()) {
              watchesOf(uid).forEach(w -> tryToEvaluate(w, measured, began));
            }
          });
    } catch (RuntimeException e) {
      LOG.error("gates could not be evaluated", e);
    }
  }

  /** A fault at one gate is none of the others'. */
  private void tryToEvaluate(Watch watch, Measured measured, long began) {
    try {
      evaluate(watch, measured, began);
    } catch (RuntimeException e) {
      LOG.errorf(e, "gate %s could not be evaluated", watch.gate().getMetadata().getName());
    }
  }

  private void tick() {
    try {
      long now = now();
      pools.forEach((uid, measured) -> pools().find(uid).ifPresent(p -> measured.tick(p, now)));
      removeGone();
      retain();
      evaluateNews();
      // Who is to go is decided with the pool, which hears of changed verdicts only.
      watches.values().stream()
          .filter(w -> !w.evictsFor().isEmpty())
          .map(Watch::poolUid)
          .distinct()
          .filter(uid -> !enforcement.violators(uid).isEmpty())
          .forEach(pools()::judged);
    } catch (RuntimeException e) {
      LOG.error("gates could not be evaluated", e);
    }
  }

  /**
   * Judges a gate.
   *
   * @param began when the oldest news came in; {@link #NONE}: only time has passed
   */
  private void evaluate(Watch watch, Measured measured, long began) {
    long from = System.nanoTime();
    boolean changed = watch.evaluate(measured, now());
    meters.show(watch);
    meters.evaluated(System.nanoTime() - from);
    // Who does not lead writes nothing, so nothing of it is ever acknowledged.
    if (began != NONE && (!changed || pools().leading())) {
      processing.evaluated(watch.gate().getMetadata().getUid(), changed, began, now());
    }
    if (changed) {
      onChange.accept(watch.gate());
      pools().judged(watch.poolUid());
    }
  }

  /** UIDs of the pools that gates judge by a signal. */
  List<String> judgedBy(String signal) {
    return watches.values().stream()
        .filter(w -> w.targets().stream().anyMatch(t -> t.signal().equals(signal)))
        .map(Watch::poolUid)
        .distinct()
        .toList();
  }

  /** A second of a pool that this operator has looked at. */
  void slice(String poolUid, String signal, double rate, double demand) {
    measured(poolUid).slice(signal, rate, demand, now());
  }

  /** This operator could not look at a pool; may be said each second. */
  void unread(String poolUid, String signal) {
    measured(poolUid).unread(signal, now());
  }

  /** An agent was killed for want of memory; may be said more than once. */
  public void outOfMemory(String poolUid, String podUid, String pod) {
    measured(poolUid).killed(podUid, pod, now());
  }

  /** An event begins that this operator waits for, such as a spawn. */
  public void begin(String poolUid, String signal, String id) {
    measured(poolUid).begin(signal, id, now());
  }

  /** What is to be seen beside a target's value, for people. */
  public void beside(String poolUid, String signal, String text) {
    measured(poolUid).note(signal, text);
  }

  /** It came to its end. */
  public void end(String poolUid, String signal, String id) {
    measured(poolUid).end(signal, id, now());
    arrived(now());
  }

  /** Nobody waits for it any more. */
  public void withdraw(String poolUid, String signal, String id) {
    measured(poolUid).withdraw(signal, id);
  }

  /** What is said of a pool by all of its gates but the suspended ones; empty without gates. */
  public Optional<GateConditions.Said> verdict(String poolUid) {
    Map<String, String> reasons = unjudged.reasons(poolUid);
    List<Watch> own =
        watchesOf(poolUid).stream()
            .filter(w -> !unjudged.has(w.gate().getMetadata().getUid()))
            .toList();
    return own.isEmpty() && reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(PoolVerdict.of(own, reasons));
  }

  /**
   * Whether all gates of a pool were looked at. An operator that has just begun knows of a part of
   * them, and what was said of the pool before it is still the best that can be said.
   */
  public boolean complete(String namespace, String pool) {
    return allKnown && looked.missing(existing.get(), namespace, pool).isEmpty();
  }

  /** What follows from the verdicts. */
  public Enforcement enforcement() {
    return enforcement;
  }

  /** A gate says something else than it did, and nobody measured anything. */
  void changed(Watch watch) {
    onChange.accept(watch.gate());
  }

  @PreDestroy
  void end() {
    ticker.shutdownNow();
    keeping.shutdownNow();
  }

  /** How a verdict is written as the status of a condition. */
  public static String status(Verdict verdict) {
    return switch (verdict) {
      case Met -> "True";
      case Violated -> "False";
      case Unknown -> "Unknown";
    };
  }
}
