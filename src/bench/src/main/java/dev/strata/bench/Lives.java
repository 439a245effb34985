package dev.strata.bench;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Role;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all agents say of themselves, heard from outside, with the times at which it was heard. */
final class Lives {
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final Map<String, Life> lives = new ConcurrentHashMap<>();

  /**
   * One agent so far. Times are readings of the monotonic clock, zero for what has not happened.
   *
   * @param first its first heartbeat
   * @param active its first heartbeat as active
   * @param taken its first heartbeat as active with a task taken
   * @param last its last heartbeat
   */
  record Life(Heartbeat heartbeat, long first, long active, long taken, long last) {
    boolean fresh() {
      return System.nanoTime() - last < FRESH_NANOS;
    }

    boolean holds(Role role) {
      return heartbeat.role() == role;
    }
  }

  Lives(Transport transport) {
    // The subscription ends with the transport.
    var unused = transport.subscribe(Subjects.ALL_HEARTBEATS, this::heard);
  }

  private void heard(String subject, Envelope envelope) {
    long now = System.nanoTime();
    Heartbeat heartbeat = Messages.read(envelope, MessageType.HEARTBEAT, Heartbeat.class);
    lives.compute(heartbeat.podUid(), (uid, life) -> next(life, heartbeat, now));
  }

  private static Life next(@Nullable Life life, Heartbeat heartbeat, long now) {
    boolean active = heartbeat.role() == Role.ACTIVE;
    boolean working = active && heartbeat.taken() > 0;
    if (life == null) {
      return new Life(heartbeat, now, active ? now : 0, working ? now : 0, now);
    }
    return new Life(
        heartbeat,
        life.first(),
        active && life.active() == 0 ? now : life.active(),
        working && life.taken() == 0 ? now : life.taken(),
        now);
  }

  /** All agents of a pool that were ever heard. */
  List<Life> of(String pool) {
    return lives.values().stream().filter(l -> l.heartbeat().pool().equals(pool)).toList();
  }

  /** Agents of a pool heard in the last seconds in this role. */
  List<Life> now(String pool, Role role) {
    return of(pool).stream().filter(l -> l.fresh() && l.holds(role)).toList();
  }

  /** Agents of a pool whose first active heartbeat came after this moment. */
  List<Life> activeSince(String pool, long nanos) {
    return of(pool).stream().filter(l -> l.active() - nanos > 0 && l.active() != 0).toList();
  }
}
