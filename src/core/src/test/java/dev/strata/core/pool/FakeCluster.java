package dev.strata.core.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster of records: carries plans out, lets what follows from them happen in order or in a
 * seeded random order, and checks after each step what must always hold. Its log is what a golden
 * file keeps.
 */
final class FakeCluster {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MOST_STEPS = 2000;

  private final Map<String, PodView> pods = new LinkedHashMap<>();
  private final TreeMap<Integer, IdentityView> identities = new TreeMap<>();
  private final List<Runnable> events = new ArrayList<>();
  private final List<Runnable> postponed = new ArrayList<>();
  private final Set<String> lingering = new HashSet<>();
  private final Set<String> lost = new HashSet<>();
  private final List<String> log = new ArrayList<>();
  private final String[] nodes;
  private final Random random;
  private PoolPolicy policy;
  private String revision = "r1";
  private Instant now = START;
  private Duration sinceActivation = Duration.ofDays(1);
  private Refusal refusal;
  private Duration listening = Duration.ofHours(1);
  private boolean startsFail;
  private boolean probed = true;
  private int born;

  private List<PoolHold> holds = List.of();
  private Integer heldAt;
  private List<Violator> violators = List.of();
  private Set<String> affected = Set.of();
  private final List<Spent> spent = new ArrayList<>();

  FakeCluster(PoolPolicy policy, Random random, String... nodes) {
    this.policy = policy;
    this.random = random;
    this.nodes = nodes;
  }

  static PoolPolicy policy(int replicas, int spares) {
    return policy(replicas, spares, 1, false);
  }

  static PoolPolicy policy(int replicas, int spares, int maxUnavailable, boolean staysOnLostNodes) {
    return new PoolPolicy(
        replicas,
        spares,
        Duration.ofSeconds(3),
        Duration.ofSeconds(30),
        maxUnavailable,
        3,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        staysOnLostNodes);
  }

  /** Something is so at this moment of the story. */
  FakeCluster check(Consumer<FakeCluster> fact) {
    fact.accept(this);
    return this;
  }

  FakeCluster say(String line) {
    log.add("# " + line);
    return this;
  }

  FakeCluster policy(UnaryOperator<PoolPolicy> change) {
    policy = change.apply(policy);
    return this;
  }

  FakeCluster scale(int replicas) {
    return policy(
        p ->
            new PoolPolicy(
                replicas,
                p.spares(),
                p.silence(),
                p.drain(),
                p.maxUnavailable(),
                p.maxStartFailures(),
                p.backoff(),
                p.maxBackoff(),
                p.staysOnLostNodes()));
  }

  FakeCluster template(String next) {
    revision = next;
    return this;
  }

  FakeCluster startsFail(boolean fail) {
    startsFail = fail;
    return this;
  }

  /** Whether the kubelet finds agents ready that start from now on. */
  FakeCluster probed(boolean found) {
    probed = found;
    return this;
  }

  FakeCluster refuse(Reason why, String message) {
    refusal = new Refusal(why, message, now.plusSeconds(20));
    return this;
  }

  FakeCluster deaf(Duration since) {
    listening = since;
    return this;
  }

  FakeCluster passes(Duration time) {
    now = now.plus(time);
    sinceActivation = sinceActivation.plus(time);
    return this;
  }

  PoolView view() {
    return new PoolView(
        "demo",
        "uid-1",
        policy,
        revision,
        List.copyOf(pods.values()),
        List.copyOf(identities.values()),
        listening,
        refusal != null && now.isBefore(refusal.until()) ? refusal : null,
        20,
        sinceActivation,
        holds,
        heldAt,
        violators,
        affected,
        spent,
        now);
  }

  /** A gate holds the pool's size from now on; nothing given: none does. */
  FakeCluster holds(PoolHold... now) {
    holds = List.of(now);
    return this;
  }

  /** Another operator takes over: it does not know what was planned before. */
  FakeCluster succeeds() {
    heldAt = null;
    return this;
  }

  /** These agents miss targets from now on, for as long as they live. */
  FakeCluster violate(Violator... now) {
    violators = List.of(now);
    return this;
  }

  /** Once asked to go, it takes long. */
  FakeCluster lingers(PodView pod) {
    lingering.add(pod.uid());
    return this;
  }

  /** What took long has come to its end. */
  FakeCluster comesToItsEnd() {
    lingering.clear();
    events.addAll(postponed);
    postponed.clear();
    return this;
  }

  /** These agents seem to miss targets, and nobody would have them taken away. */
  FakeCluster affect(PodView... now) {
    affected = Stream.of(now).map(PodView::uid).collect(Collectors.toSet());
    return this;
  }

  /** An operator has paid for an eviction, and was gone before it came to its end. */
  FakeCluster pays(String pod) {
    spent.add(new Spent(pod, now));
    return this;
  }

  List<Spent> spent() {
    return spent;
  }

  Map<Integer, IdentityView> identities() {
    return identities;
  }

  PodView holder(int ordinal) {
    return pods.get(identities.get(ordinal).holder());
  }

  /** The pod that holds an identity falls silent. */
  FakeCluster silence(int ordinal) {
    return silence(holder(ordinal));
  }

  FakeCluster silence(PodView pod) {
    return heard(pod, Duration.ofSeconds(4));
  }

  /** A pod was heard so long ago. */
  FakeCluster heard(PodView pod, Duration ago) {
    edit(pod.uid(), p -> withPulse(p, pulse(p, ago)));
    return this;
  }

  /** All pods of a node fall silent; the API server believes in the node. */
  FakeCluster nodeSilent(String node) {
    List.copyOf(pods.values()).stream()
        .filter(pod -> node.equals(pod.node()))
        .forEach(this::silence);
    return this;
  }

  FakeCluster fails(int ordinal) {
    return ends(holder(ordinal).uid());
  }

  /** A pod ends with an error. */
  FakeCluster ends(String uid) {
    edit(
        uid,
        p ->
            new PodView(
                p.name(),
                p.uid(),
                p.node(),
                true,
                p.role(),
                p.identity(),
                p.epoch(),
                p.revision(),
                Phase.FAILED,
                false,
                false,
                p.createdAt(),
                p.startedAt(),
                now,
                p.drainSince(),
                p.quarantinedUntil(),
                new Trouble("Error", "killed", 137),
                p.pulse()));
    return this;
  }

  FakeCluster nodeLost(String node) {
    lost.add(node);
    for (PodView pod : List.copyOf(pods.values())) {
      if (node.equals(pod.node())) {
        edit(
            pod.uid(),
            p ->
                copy(
                    p,
                    p.role(),
                    p.identity(),
                    p.epoch(),
                    p.phase(),
                    p.terminating(),
                    false,
                    p.drainSince(),
                    pulse(p, Duration.ofSeconds(9))));
      }
    }
    return this;
  }

  /** Plans and lets everything that follows happen, until nothing follows any more. */
  FakeCluster settles() {
    for (int step = 0; step < MOST_STEPS; step++) {
      boolean acted = act();
      if (!events.isEmpty()) {
        int next = random == null ? 0 : random.nextInt(events.size());
        passes(Duration.ofMillis(50));
        events.remove(next).run();
      } else if (!acted) {
        Plan plan = PoolPlanner.plan(view());
        boolean waits =
            sinceActivation.compareTo(PoolPlanner.REFILL_DELAY) < 0
                || plan.of(Action.Hold.class).stream().anyMatch(h -> h.until() != null)
                || pods.values().stream().anyMatch(p -> !p.over() && !p.nodeReady() && lapses(p));
        if (!waits || plan.again().compareTo(Duration.ofSeconds(30)) > 0) {
          return this;
        }
        passes(plan.again());
      }
      check();
    }
    throw new AssertionError(
        "did not settle in " + MOST_STEPS + " steps:\n" + String.join("\n", log));
  }

  /** Whether only time has to pass before it is given up. */
  private boolean lapses(PodView pod) {
    return !policy.staysOnLostNodes() || pod.pulse() != null;
  }

  /** One plan, carried out. */
  boolean act() {
    PoolView seen = view();
    Plan plan = PoolPlanner.plan(seen);
    heldAt = seen.holdsSize() ? plan.facts().desired() : null;
    boolean acted = false;
    for (Action action : plan.actions()) {
      log.add(
          "%6.2f  %-8s  %s: %s"
              .formatted(
                  Duration.between(START, now).toMillis() / 1000.0,
                  action.getClass().getSimpleName(),
                  action.why(),
                  action.sentence()));
      acted |= carryOut(action);
    }
    check();
    return acted;
  }

  private boolean carryOut(Action action) {
    switch (action) {
      case Action.Activate a -> activate(a);
      case Action.Create a -> create(a);
      case Action.Drain a -> {
        edit(
            a.pod().uid(),
            p ->
                copy(
                    p,
                    PodRole.DRAINING,
                    p.identity(),
                    p.epoch(),
                    p.phase(),
                    p.terminating(),
                    p.nodeReady(),
                    now,
                    p.pulse()));
        finishes(a.pod().uid());
      }
      case Action.Evict a -> {
        if (!a.paid()) {
          spent.add(new Spent(a.pod().uid(), now));
        }
        terminate(a.pod().uid());
      }
      case Action.Quarantine a -> {
        if (!a.paid()) {
          spent.add(new Spent(a.pod().uid(), now));
        }
        edit(a.pod().uid(), p -> quarantined(p, now, a.until()));
        finishes(a.pod().uid());
      }
      case Action.Retire a -> {
        if (a.force()) {
          pods.remove(a.pod().uid());
        } else {
          terminate(a.pod().uid());
        }
      }
      case Action.Release a ->
          identities.computeIfPresent(
              a.ordinal(),
              (o, i) ->
                  i.epoch() == a.epoch() && a.holder().equals(i.holder())
                      ? new IdentityView(o, null, i.epoch())
                      : i);
      case Action.Relabel a ->
          edit(
              a.pod().uid(),
              p ->
                  copy(
                      p,
                      PodRole.ACTIVE,
                      a.identity(),
                      a.epoch(),
                      p.phase(),
                      p.terminating(),
                      p.nodeReady(),
                      p.drainSince(),
                      p.pulse()));
      case Action.Hold a -> {
        return false;
      }
      case Action.Forgo a -> {
        return false;
      }
    }
    return true;
  }

  private void comes(String uid, Runnable event) {
    (lingering.contains(uid) ? postponed : events).add(event);
  }

  /** The agent says a little later that it has finished. */
  private void finishes(String uid) {
    comes(
        uid,
        () ->
            edit(
                uid,
                p ->
                    withPulse(
                        p,
                        new Pulse(Duration.ZERO, PodRole.DRAINING, p.identity(), p.epoch(), 0))));
  }

  private void terminate(String uid) {
    edit(
        uid,
        p ->
            copy(
                p,
                p.role(),
                p.identity(),
                p.epoch(),
                p.phase(),
                true,
                p.nodeReady(),
                p.drainSince(),
                p.pulse()));
    PodView pod = pods.get(uid);
    if (pod != null && pod.nodeReady()) {
      comes(uid, () -> pods.remove(uid));
    }
  }

  private void activate(Action.Activate a) {
    IdentityView seen =
        identities.getOrDefault(a.ordinal(), new IdentityView(a.ordinal(), null, 0));
    if (seen.epoch() != a.epoch()) {
      throw new AssertionError("activated on a stale epoch: " + a + " but " + seen);
    }
    identities.put(a.ordinal(), new IdentityView(a.ordinal(), a.spare().uid(), a.epoch() + 1));
    sinceActivation = Duration.ZERO;
    String name = "demo-" + a.ordinal();
    // The label may be lost; the Lease is the truth and the label is repaired.
    if (random == null || random.nextInt(10) > 0) {
      edit(
          a.spare().uid(),
          p ->
              copy(
                  p,
                  PodRole.ACTIVE,
                  name,
                  a.epoch() + 1,
                  p.phase(),
                  p.terminating(),
                  p.nodeReady(),
                  p.drainSince(),
                  p.pulse()));
    }
    events.add(
        () ->
            edit(
                a.spare().uid(),
                p ->
                    withPulse(
                        p, new Pulse(Duration.ZERO, PodRole.ACTIVE, name, a.epoch() + 1, 0))));
  }

  private void create(Action.Create a) {
    if (pods.values().stream().anyMatch(p -> p.name().equals(a.name()))) {
      throw new AssertionError("created twice: " + a);
    }
    String uid = "pod-" + ++born;
    String node = node();
    pods.put(
        uid,
        new PodView(
            a.name(),
            uid,
            node,
            !lost.contains(node),
            PodRole.SPARE,
            null,
            0,
            revision,
            Phase.PENDING,
            false,
            false,
            now,
            null,
            null,
            null,
            null,
            null,
            null));
    if (startsFail) {
      events.add(
          () ->
              edit(
                  uid,
                  p ->
                      new PodView(
                          p.name(),
                          uid,
                          p.node(),
                          true,
                          p.role(),
                          null,
                          0,
                          p.revision(),
                          Phase.FAILED,
                          false,
                          false,
                          p.createdAt(),
                          now,
                          now,
                          null,
                          null,
                          new Trouble("Error", "handler \"x\" is not on the class path", 78),
                          null)));
    } else {
      events.add(() -> edit(uid, this::runs));
    }
  }

  /** The scheduler binds to lost nodes what tolerates them. */
  private String node() {
    List<String> possible =
        Stream.of(nodes).filter(n -> policy.staysOnLostNodes() || !lost.contains(n)).toList();
    return possible.get(born % possible.size());
  }

  /** Started by its kubelet, if there is one. */
  private PodView runs(PodView p) {
    if (!p.nodeReady()) {
      return p;
    }
    return new PodView(
        p.name(),
        p.uid(),
        p.node(),
        true,
        p.role(),
        p.identity(),
        p.epoch(),
        p.revision(),
        Phase.RUNNING,
        probed,
        p.terminating(),
        p.createdAt(),
        now,
        null,
        p.drainSince(),
        null,
        null,
        new Pulse(Duration.ZERO, PodRole.SPARE, null, 0, 0));
  }

  private void edit(String uid, UnaryOperator<PodView> change) {
    pods.computeIfPresent(uid, (key, pod) -> change.apply(pod));
  }

  private static Pulse pulse(PodView p, Duration age) {
    Pulse old = p.pulse();
    return old == null
        ? null
        : new Pulse(age, old.role(), old.identity(), old.epoch(), old.inFlight());
  }

  static PodView withPulse(PodView p, Pulse pulse) {
    return copy(
        p,
        p.role(),
        p.identity(),
        p.epoch(),
        p.phase(),
        p.terminating(),
        p.nodeReady(),
        p.drainSince(),
        pulse);
  }

  private static PodView copy(
      PodView p,
      PodRole role,
      String identity,
      long epoch,
      Phase phase,
      boolean terminating,
      boolean nodeReady,
      Instant drainSince,
      Pulse pulse) {
    return new PodView(
        p.name(),
        p.uid(),
        p.node(),
        nodeReady,
        role,
        identity,
        epoch,
        p.revision(),
        phase,
        p.ready(),
        terminating,
        p.createdAt(),
        p.startedAt(),
        p.finishedAt(),
        drainSince,
        p.quarantinedUntil(),
        p.trouble(),
        pulse);
  }

  private static PodView quarantined(PodView p, Instant since, Instant until) {
    return new PodView(
        p.name(),
        p.uid(),
        p.node(),
        p.nodeReady(),
        PodRole.QUARANTINED,
        p.identity(),
        p.epoch(),
        p.revision(),
        p.phase(),
        false,
        p.terminating(),
        p.createdAt(),
        p.startedAt(),
        p.finishedAt(),
        since,
        until,
        p.trouble(),
        p.pulse());
  }

  /** What must hold after every step, whatever happened. */
  private void check() {
    long distinct =
        identities.values().stream()
            .map(IdentityView::holder)
            .filter(h -> h != null)
            .distinct()
            .count();
    long held = identities.values().stream().filter(i -> i.holder() != null).count();
    if (distinct != held) {
      throw new AssertionError("a pod holds two identities: " + identities);
    }
    long alive = pods.values().stream().filter(p -> !p.over()).count();
    int most =
        2 * (policy.replicas() + policy.spares())
            + 24
            + (int) pods.values().stream().filter(p -> p.role() == PodRole.DRAINING).count();
    if (alive > most + 40) {
      throw new AssertionError("too many pods: " + alive);
    }
  }

  long active() {
    return PoolPlanner.plan(view()).facts().active();
  }

  PoolFacts facts() {
    return PoolPlanner.plan(view()).facts();
  }

  List<PodView> pods() {
    return List.copyOf(pods.values());
  }

  String log() {
    return String.join("\n", log) + "\n";
  }
}
