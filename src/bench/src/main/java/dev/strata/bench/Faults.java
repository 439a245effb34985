package dev.strata.bench;

import dev.strata.harness.Cluster;
import dev.strata.harness.node.ProcessNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The faults, one after the other, each into work that is going on. */
final class Faults {
  private static final int ENOUGH = 10;
  private static final Duration WORK = Duration.ofMinutes(1);
  private static final Duration BACK = Duration.ofMinutes(2);

  /** A replacement that should not be would come within this. */
  private static final Duration SETTLE = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final Pool pool;
  private final Submitter submitter;
  private final Outside outside;
  private final Identities identities;
  private final int agents;
  private final int spares;
  private final long began = System.nanoTime();

  Faults(Bench bench, Pool pool, Submitter submitter, Outside outside, int agents, int spares) {

    this.cluster = bench.cluster();
    this.pool = pool;
    this.submitter = submitter;
    this.outside = outside;
    this.identities = new Identities(bench, pool);
    this.agents = agents;
    this.spares = spares;
  }

  /**
   * What a fault came to.
   *
   * @param atSeconds since the first task
   * @param unacknowledged tasks in hand at that moment
   * @param wanted identities whose holder had to change
   * @param replacements identities whose holder changed
   * @param backSeconds from the fault to the full pool, the fault's own length included
   */
  record Account(
      String fault,
      double atSeconds,
      long unacknowledged,
      int wanted,
      int replacements,
      double backSeconds) {
    @Override
    public String toString() {
      return "at %.1f s, %d unacknowledged, %d of %d replaced, full after %.1f s"
          .formatted(atSeconds, unacknowledged, replacements, wanted, backSeconds);
    }
  }

  /** Does it, and tells how many replacements it calls for. */
  private interface Fault {
    int happen();
  }

  private record Named(String name, Fault fault) {}

  List<Account> all() {
    List<Named> faults =
        List.of(
            new Named("agent killed", this::killAgent),
            new Named("agent frozen for 6 s", this::freezeAgent),
            new Named("node killed", this::killNode),
            new Named("node cut off from the API for 12 s", this::cutOffNode),
            new Named("nats-server killed and restarted", this::killNats),
            new Named("API server killed and restarted", this::restartApiServer),
            new Named("NATS away for 20 s", this::natsAway),
            new Named("operator killed during a scale-up", this::killOperator));
    List<Account> accounts = new ArrayList<>();
    int each = submitter.ids().size() / faults.size();
    for (Named named : faults) {
      submitter.allow(each);
      accounts.add(account(named));
    }
    return accounts;
  }

  private Account account(Named named) {
    int before = identities.replacements();
    var seen = new AtomicLong();
    Waiting.until(
        WORK,
        () -> seen.updateAndGet(old -> outside.unacknowledged()) >= ENOUGH,
        () -> ENOUGH + " tasks are unacknowledged: " + seen);
    long unacknowledged = seen.get();
    long at = System.nanoTime();
    Console.progress(named.name() + ", " + unacknowledged + " tasks unacknowledged");
    int wanted = named.fault().happen();
    boolean back =
        Waiting.within(BACK, () -> identities.replacements() - before >= wanted && full());
    long full = System.nanoTime();
    Waiting.pass(SETTLE);
    if (!back) {
      Console.progress("the pool is not full again: " + pool.object().get());
    }
    return new Account(
        named.name(),
        Waiting.millis(began, at) / 1000,
        unacknowledged,
        wanted,
        identities.replacements() - before,
        Waiting.millis(at, full) / 1000);
  }

  private boolean full() {
    Set<String> holders = new HashSet<>(identities.holders().values());
    return holders.size() == agents
        && pool.active().stream().map(l -> l.heartbeat().podUid()).filter(holders::contains).count()
            == agents
        && pool.spareNames().size() == spares;
  }

  private Lives.Life busyAgent() {
    return pool.active().stream()
        .max(Comparator.comparingInt(life -> life.heartbeat().inFlight()))
        .orElseThrow();
  }

  private ProcessNode nodeOf(Lives.Life life) {
    return cluster.node(life.heartbeat().node());
  }

  private int killAgent() {
    Lives.Life victim = busyAgent();
    nodeOf(victim).killPod(victim.heartbeat().pod());
    return 1;
  }

  private int freezeAgent() {
    Lives.Life victim = busyAgent();
    nodeOf(victim).freezePod(victim.heartbeat().pod());
    Waiting.pass(Duration.ofSeconds(6));
    if (nodeOf(victim).hasPod(victim.heartbeat().pod())) {
      nodeOf(victim).thawPod(victim.heartbeat().pod());
    }
    return 1;
  }

  private int killNode() {
    ProcessNode victim = nodeOf(busyAgent());
    int lost = activeOn(victim);
    victim.kill();
    int before = identities.replacements();
    Waiting.within(BACK, () -> identities.replacements() - before >= lost);
    cluster.restartNode(victim.name());
    return lost;
  }

  private int activeOn(ProcessNode node) {
    Set<String> holders = new HashSet<>(identities.holders().values());
    return (int)
        pool.active().stream()
            .filter(life -> life.heartbeat().node().equals(node.name()))
            .filter(life -> holders.contains(life.heartbeat().podUid()))
            .count();
  }

  private int cutOffNode() {
    ProcessNode victim = nodeOf(busyAgent());
    victim.cutOffFromApi();
    Waiting.pass(Duration.ofSeconds(12));
    victim.heal();
    return 0;
  }

  private int killNats() {
    cluster.nats().kill();
    cluster.nats().start();
    return 0;
  }

  private int restartApiServer() {
    cluster.controlPlane().restartApiServer();
    return 0;
  }

  private int natsAway() {
    cluster.nats().stop();
    Waiting.pass(Duration.ofSeconds(20));
    cluster.nats().start();
    return 0;
  }

  /** Up by four, the operator dies on the way and finishes it when it is back; then down again. */
  private int killOperator() {
    int more = 4;
    int before = identities.holders().size();
    pool.scale(agents + more);
    Waiting.within(Duration.ofSeconds(2), () -> identities.holders().size() > before);
    cluster.operator().kill();
    Console.progress(
        "operator killed with %d of %d more identities given"
            .formatted(identities.holders().size() - before, more));
    pool.awaitHeard(agents + more, spares, BACK);
    pool.scale(agents);
    return 0;
  }
}
