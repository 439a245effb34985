package dev.strata.core.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is who: sorts the pods of a pool by what their Leases say, labels second. Every pod is in
 * exactly one list.
 *
 * @param active hold an identity and may be alive
 * @param vacant identities whose holder is gone or given up, with the reason
 * @param draining asked to finish
 * @param quarantined finished, without an identity, and kept to be looked at
 * @param spares could take an identity now: alive, without one
 * @param starting on their way to become spares
 * @param superseded once had an identity that another one holds now, or never got it
 * @param over ended or being deleted, and no holder
 * @param suspended active agents that are silent, but so many at once that our own hearing is
 *     doubted
 */
record Roster(
    List<Holder> active,
    List<Vacancy> vacant,
    List<PodView> draining,
    List<PodView> quarantined,
    List<PodView> spares,
    List<PodView> starting,
    List<PodView> superseded,
    List<PodView> over,
    List<Holder> suspended) {

  /** A share of agents silent at once that says more about our hearing than about the agents. */
  private static final double MASS_SILENCE = 0.30;

  /** A spare that runs this long without a heartbeat will not send one. */
  static final Duration START_LIMIT = Duration.ofSeconds(60);

  record Holder(IdentityView identity, PodView pod) {
    /** Whether the agent itself says that it is active under the epoch of its Lease. */
    boolean confirmed() {
      Pulse pulse = pod.pulse();
      return pulse != null && pulse.role() == PodRole.ACTIVE && pulse.epoch() == identity.epoch();
    }

    int inFlight() {
      Pulse pulse = pod.pulse();
      return pulse == null ? 0 : pulse.inFlight();
    }
  }

  record Vacancy(IdentityView identity, @Nullable PodView pod, Reason why, String note) {}

  static Roster of(PoolView view) {
    Map<String, IdentityView> held = new HashMap<>();
    for (IdentityView identity : view.identities()) {
      if (identity.holder() != null) {
        held.put(identity.holder(), identity);
      }
    }
    var roster =
        new Roster(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    List<Holder> silent = new ArrayList<>();
    for (PodView pod : view.pods()) {
      IdentityView identity = held.remove(pod.uid());
      if (identity == null) {
        roster.sortUnidentified(pod, view);
      } else {
        roster.sortHolder(new Holder(identity, pod), view, silent);
      }
    }
    for (IdentityView identity : held.values()) {
      roster.vacant.add(
          new Vacancy(identity, null, Reason.PodDeleted, "its pod does not exist any more"));
    }
    roster.judgeSilence(silent, view);
    roster.vacant.sort(Comparator.comparingInt(v -> v.identity().ordinal()));
    roster.active.sort(Comparator.comparingInt(h -> h.identity().ordinal()));
    return roster;
  }

  private void sortUnidentified(PodView pod, PoolView view) {
    if (pod.over()) {
      over.add(pod);
    } else if (pod.role() == PodRole.QUARANTINED) {
      quarantined.add(pod);
    } else if (pod.role() != PodRole.SPARE) {
      superseded.add(pod);
    } else if (pod.pulse() == null || silent(pod, view)) {
      starting.add(pod);
    } else if (pod.pulse().role() == PodRole.SPARE) {
      spares.add(pod);
    } else {
      // It believes in an identity that no Lease gives it: an activation that lost its race.
      superseded.add(pod);
    }
  }

  private void sortHolder(Holder holder, PoolView view, List<Holder> silent) {
    PodView pod = holder.pod();
    if (pod.leaves()) {
      draining.add(pod);
    } else if (pod.terminating()) {
      vacate(holder, Reason.PodDeleted, "its pod " + pod.name() + " is being deleted");
    } else if (pod.over()) {
      vacate(holder, Reason.AgentFailed, "its pod " + pod.name() + " ended" + exit(pod));
    } else if (silent(pod, view)) {
      silent.add(holder);
    } else {
      active.add(holder);
    }
  }

  /**
   * Silence condemns one agent, or one whose node is lost too, or all of one node while other nodes
   * are heard; of many at once elsewhere it accuses our own hearing.
   */
  private void judgeSilence(List<Holder> silent, PoolView view) {
    List<Holder> unconfirmed = new ArrayList<>();
    for (Holder holder : silent) {
      if (holder.pod().nodeReady()) {
        unconfirmed.add(holder);
      } else {
        vacate(
            holder,
            Reason.NodeLost,
            "node " + holder.pod().node() + " is not ready and it is silent");
      }
    }
    int known = active.size() + silent.size();
    if (many(unconfirmed.size(), known)
        && (active.isEmpty() || !onOneNode(pods(unconfirmed).toList(), pods(active)))) {
      suspended.addAll(unconfirmed);
      active.addAll(unconfirmed);
      return;
    }
    for (Holder holder : unconfirmed) {
      vacate(
          holder,
          Reason.AgentLost,
          "pod "
              + holder.pod().name()
              + " sent no heartbeat for "
              + view.policy().silence().toSeconds()
              + " s");
    }
  }

  /**
   * Whether so many spares are silent that it says more about our hearing than about them: it is
   * the same one with which agents are heard.
   */
  boolean doubtsSilenceOfSpares() {
    List<PodView> silent =
        starting.stream().filter(pod -> pod.pulse() != null && pod.nodeReady()).toList();
    return many(silent.size(), spares.size() + silent.size())
        ? !onOneNode(silent, Stream.concat(spares.stream(), pods(active)))
        : !suspended.isEmpty();
  }

  private static boolean many(int silent, int known) {
    return silent > Math.max(1, known * MASS_SILENCE);
  }

  /**
   * Whether one node is away: the API server notices only after most of a minute. Were it our own
   * hearing, the others would be silent too.
   */
  private static boolean onOneNode(List<PodView> silent, Stream<PodView> heard) {
    String node = silent.getFirst().node();
    return node != null
        && silent.stream().allMatch(pod -> node.equals(pod.node()))
        && heard.noneMatch(pod -> node.equals(pod.node()));
  }

  private static Stream<PodView> pods(List<Holder> holders) {
    return holders.stream().map(Holder::pod);
  }

  private void vacate(Holder holder, Reason why, String note) {
    vacant.add(new Vacancy(holder.identity(), holder.pod(), why, note));
  }

  /** Silence is evidence only after a full window in which we could have heard. */
  private static boolean silent(PodView pod, PoolView view) {
    Duration window = view.policy().silence();
    return view.listening().compareTo(window) > 0
        && (pod.pulse() == null || pod.pulse().age().compareTo(window) > 0);
  }

  private static String exit(PodView pod) {
    return pod.trouble() == null
        ? ""
        : " (" + pod.trouble().reason() + ", exit code " + pod.trouble().exitCode() + ")";
  }
}
