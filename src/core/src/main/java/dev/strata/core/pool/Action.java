package dev.strata.core.pool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One thing to do, with a reason for machines and a sentence for people. Carried out elsewhere. */
public sealed interface Action {
  /** Why, for machines. */
  Reason why();

  /** What and why, for people. */
  String sentence();

  /** Whether anything is changed by it; otherwise it says what is left alone. */
  default boolean changes() {
    return true;
  }

  /**
   * Gives an identity to a spare: the Lease by compare-and-swap, then label and activation message.
   *
   * @param ordinal which identity
   * @param epoch the epoch seen; the new one is one more
   * @param spare who gets it
   * @param from the pod that held it; null when nobody did
   */
  record Activate(
      int ordinal, long epoch, PodRef spare, @Nullable PodRef from, Reason why, String note)
      implements Action {
    @Override
    public String sentence() {
      return "agent-" + ordinal + " on " + spare + ": " + note;
    }
  }

  /**
   * Makes a pod from the current revision.
   *
   * @param name its name, the same however often this is planned
   */
  record Create(String name, Reason why, String note) implements Action {
    @Override
    public String sentence() {
      return name + ": " + note;
    }
  }

  /** Tells an agent to finish what it has and take nothing new. */
  record Drain(PodRef pod, Reason why, String note) implements Action {
    @Override
    public String sentence() {
      return pod + ": " + note;
    }
  }

  /**
   * Deletes a pod.
   *
   * @param force true only for a pod whose identity has moved and whose node cannot confirm: grace
   *     period zero
   */
  record Retire(PodRef pod, boolean force, Reason why, String note) implements Action {
    @Override
    public String sentence() {
      return pod + ": " + note;
    }
  }

  /** Frees an identity that is not wanted any more. */
  record Release(int ordinal, long epoch, String holder, Reason why, String note)
      implements Action {
    @Override
    public String sentence() {
      return "agent-" + ordinal + ": " + note;
    }
  }

  /** Makes a pod's labels say again what its Lease says. */
  record Relabel(PodRef pod, String identity, long epoch, Reason why) implements Action {
    @Override
    public String sentence() {
      return pod + ": the labels say again that it is " + identity + ", epoch " + epoch;
    }
  }

  /**
   * Takes an agent away that misses a target by itself, by the Eviction API: disruption budgets are
   * kept.
   *
   * @param gate who asked for it
   * @param objective the target
   * @param evidence what it measures, for people
   * @param paid whether it was taken from the gate's budget already, by who did not come to its end
   */
  record Evict(
      PodRef pod,
      String gate,
      String objective,
      String evidence,
      boolean paid,
      Reason why,
      String note)
      implements Action {
    @Override
    public String sentence() {
      return pod + ": " + note;
    }
  }

  /**
   * Keeps an agent away from work that misses a target by itself: it finishes what it has, and its
   * identity goes to another one.
   *
   * @param gate who asked for it
   * @param objective the target
   * @param evidence what it measures, for people
   * @param paid as with {@link Evict}
   * @param until when it is not kept any longer
   */
  record Quarantine(
      PodRef pod,
      String gate,
      String objective,
      String evidence,
      boolean paid,
      Instant until,
      Reason why,
      String note)
      implements Action {
    @Override
    public String sentence() {
      return pod + ": " + note;
    }
  }

  /** Leaves a violator of a gate where it is, on purpose. */
  record Forgo(String gate, Reason why, String note) implements Action {
    @Override
    public String sentence() {
      return note;
    }

    @Override
    public boolean changes() {
      return false;
    }
  }

  /**
   * Does nothing, on purpose.
   *
   * @param until when to look again; null when only an event changes it
   */
  record Hold(Reason why, String note, @Nullable Instant until) implements Action {
    @Override
    public String sentence() {
      return note;
    }

    @Override
    public boolean changes() {
      return false;
    }
  }
}
