package dev.strata.core.signal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The processes that report, and who of them comes after whom. */
final class Processes {
  /** Nobody who lives says nothing for so long while others of its pod are heard. */
  private static final long SILENT_MILLIS = 5_000;

  /** A process that was silent for so long has told all that it will tell. */
  private static final long FORGET_MILLIS = Duration.ofHours(2).toMillis();

  /**
   * So many of one pod are known at most. The kubelet starts one that always ends some thirty times
   * in the time in which a process is forgotten.
   */
  private static final int MOST_OF_ONE = 60;

  private final Map<String, AgentStream> streams = new HashMap<>();
  private final Losing losing;

  /** Takes the events that a process had begun and left behind when it went. */
  interface Losing {
    void lose(String agent, String key, long atMillis, long count);
  }

  Processes(Losing losing) {
    this.losing = losing;
  }

  @Nullable AgentStream get(String incarnation) {
    return streams.get(incarnation);
  }

  /** Whether no further process of this pod is believed. */
  boolean isCrowded(String agent, long receivedMillis) {
    return streams.values().stream()
            .filter(s -> s.agent().equals(agent))
            .filter(s -> receivedMillis - s.heard() <= FORGET_MILLIS)
            .count()
        >= MOST_OF_ONE;
  }

  /** A process that was not known has reported. */
  void begin(AgentStream stream, AgentReport report, long receivedMillis) {
    replace(report, receivedMillis);
    streams.put(report.incarnation(), stream);
  }

  /** Why a report cannot be true; empty when it can. */
  String fault(AgentStream stream, AgentReport report, long receivedMillis) {
    String fault = stream.fault(report, receivedMillis);
    return !fault.isEmpty() && outlived(stream, receivedMillis)
        ? revived(stream, report, receivedMillis)
        : fault;
  }

  /**
   * Whether a process that was taken for gone has spoken on all the time, and the one that seemed
   * to come after it speaks no more: then it was the other way round. A crash within a process'
   * first second can be told of so late that the successor is known already. A frozen process that
   * thaws has not spoken all the time.
   */
  private boolean outlived(AgentStream stream, long receivedMillis) {
    if (!stream.gone() || !stream.speaksOn(receivedMillis, SILENT_MILLIS)) {
      return false;
    }
    List<AgentStream> after =
        streams.values().stream()
            .filter(s -> s.agent().equals(stream.agent()) && !s.gone())
            .toList();
    return !after.isEmpty()
        && after.stream().allMatch(s -> receivedMillis - s.heard() > SILENT_MILLIS);
  }

  /** Takes a process back, unless its report cannot be true for another reason. */
  private String revived(AgentStream stream, AgentReport report, long receivedMillis) {
    long gone = stream.revive();
    String fault = stream.fault(report, receivedMillis);
    if (fault.isEmpty()) {
      replace(report, receivedMillis);
      stream.revive();
    } else {
      stream.end(gone);
    }
    return fault;
  }

  /** A new process of an agent means that its old one is gone, and what it had begun with it. */
  private void replace(AgentReport report, long receivedMillis) {
    streams.values().removeIf(old -> receivedMillis - old.heard() > FORGET_MILLIS);
    for (AgentStream old : streams.values()) {
      if (old.agent().equals(report.agent())) {
        end(old, receivedMillis);
      }
    }
  }

  /** Notes that a process is gone: what it had begun has turned bad. */
  void ended(String incarnation, long nowMillis) {
    AgentStream gone = streams.get(incarnation);
    if (gone != null) {
      end(gone, nowMillis);
    }
  }

  private void end(AgentStream gone, long nowMillis) {
    gone.end(nowMillis);
    fail(gone, nowMillis);
  }

  /** A gone process is not forgotten at once: a late report of it would look like a new process. */
  void fail(AgentStream gone, long nowMillis) {
    gone.lose().forEach((key, count) -> losing.lose(gone.agent(), key, nowMillis, count));
  }

  /** The agents that there are: the processes of all others are gone. */
  void keepOnly(Set<String> agents, long nowMillis) {
    for (AgentStream stream : streams.values()) {
      boolean there = agents.contains(stream.agent());
      if (!there && !stream.gone()) {
        end(stream, nowMillis);
      } else if (there && stream.gone() && unfollowed(stream)) {
        // It was overlooked, such as by a cache that had its pod and not yet its identity.
        stream.revive();
      }
    }
  }

  /** Whether no other process of its agent is or was there after it. */
  private boolean unfollowed(AgentStream stream) {
    return streams.values().stream()
        .noneMatch(
            s -> s != stream && s.agent().equals(stream.agent()) && s.heard() >= stream.heard());
  }

  Map<String, SavedStream> save() {
    Map<String, SavedStream> saved = new TreeMap<>();
    streams.forEach((process, stream) -> saved.put(process, stream.save()));
    return saved;
  }

  void restore(Map<String, SavedStream> saved) {
    saved.forEach((process, stream) -> streams.put(process, AgentStream.restore(stream)));
  }
}
