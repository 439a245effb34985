package dev.strata.agent;

import dev.strata.protocol.Role;
import dev.strata.protocol.WantedState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this pod is: spare, then the holder of one identity for the rest of its life, then draining
 * or fenced. The agent is the arbiter of its own pod: a second identity is refused, whoever sends
 * it.
 */
public final class Membership {
  /** What a wanted state came to. */
  public enum Change {
    /** It agrees with what is, or is not meant for this pod. */
    NONE,
    ACTIVATED,
    /** A suspect agent was told that it still holds its identity. */
    CONFIRMED,
    DRAINING,
    FENCED,
    /** It asks for a second identity, another epoch, or a way back. */
    REFUSED
  }

  /**
   * A consistent reading.
   *
   * @param identity null while spare
   */
  public record State(Role role, @Nullable String identity, long epoch) {}

  private final String podUid;
  private final InTouch touch;
  private State state = new State(Role.SPARE, null, 0);

  public Membership(String podUid, InTouch touch) {
    this.podUid = podUid;
    this.touch = touch;
  }

  public synchronized State state() {
    return state;
  }

  /** Takes what the operator wants. */
  public synchronized Change apply(WantedState wanted) {
    if (!wanted.podUid().equals(podUid)) {
      return Change.NONE;
    }
    return switch (wanted.role()) {
      case FENCED -> moveTo(Role.FENCED, Change.FENCED);
      case DRAINING -> confirmAndDrain(wanted);
      case ACTIVE -> activate(wanted);
      // Asked of a spare it is what is; asked of any other it is a way back that there is not.
      case SPARE -> state.role() == Role.SPARE ? Change.NONE : Change.REFUSED;
    };
  }

  /** The agent's own wish to end, on SIGTERM. */
  public synchronized Change drain() {
    return state.role() == Role.FENCED ? Change.REFUSED : moveTo(Role.DRAINING, Change.DRAINING);
  }

  /** A replaced agent would be fenced: one told to finish what it has still holds its identity. */
  private Change confirmAndDrain(WantedState wanted) {
    boolean confirmed = touch.suspect() && touch.confirm(wanted.answers());
    Change change = drain();
    return change == Change.NONE && confirmed ? Change.CONFIRMED : change;
  }

  /**
   * A spare that was out of touch holds nothing that could be somebody else's by now: a beat after
   * it is back, what it hears counts again. To be called each second.
   */
  public synchronized void settle() {
    if (state.role() == Role.SPARE) {
      touch.excuse();
    }
  }

  private Change activate(WantedState wanted) {
    String identity = wanted.identity();
    if (state.role() == Role.SPARE && identity != null) {
      // Frozen since before the activation was sent? Then it may be an old one: see InTouch.
      touch.suspect();
      state = new State(Role.ACTIVE, identity, wanted.epoch());
      return Change.ACTIVATED;
    }
    boolean same =
        state.role() == Role.ACTIVE
            && Objects.equals(identity, state.identity())
            && wanted.epoch() == state.epoch();
    if (!same) {
      return Change.REFUSED;
    }
    return touch.suspect() && touch.confirm(wanted.answers()) ? Change.CONFIRMED : Change.NONE;
  }

  private Change moveTo(Role role, Change change) {
    if (state.role() == role) {
      return Change.NONE;
    }
    state = new State(role, state.identity(), state.epoch());
    return change;
  }
}
