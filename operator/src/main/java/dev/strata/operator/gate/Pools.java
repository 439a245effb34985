package dev.strata.operator.gate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What gates need to know of the pools that this operator keeps. */
public interface Pools {
  /** A pool that is being kept; empty when there is none of that name, or it was not seen yet. */
  Optional<Pool> find(String namespace, String name);

  /** Likewise by UID. */
  Optional<Pool> find(String uid);

  /** Whether there is such a pool, be it kept already or not: the API server is asked. */
  boolean exists(String namespace, String name);

  /** Whether it is an AgentPool, whose measurements are kept for operators to come. */
  boolean lasting(String uid);

  /** Whether all namespaces are kept, and cluster-scoped objects may be read. */
  boolean wholeCluster();

  /** Whether this process acts. */
  boolean leading();

  /** Runs once this process acts; at once if it does already. */
  void whenLeading(Runnable task);

  /** What gates say of the pool has changed: its own status is to say so. */
  void judged(String uid);

  /** Tells people of one thing, as an Event. */
  void tell(HasMetadata about, String action, String reason, boolean warning, String message);

  /**
   * One pool as it is now.
   *
   * @param validator what its outputs are judged by, for people; empty: they are not judged
   * @param voters how many agents judge an output together; 1 where no majority does
   * @param cutOff when an attempt that is not done is ended at the latest: its timeout, and as long
   *     again where others judge its output before it is stored
   * @param agents those that hold an identity, and those that drain
   */
  record Pool(
      String uid,
      String namespace,
      String name,
      String validator,
      int voters,
      Duration cutOff,
      List<Agent> agents) {}

  /**
   * One agent that works.
   *
   * @param identity the one it holds; its pod's name where it has given it back
   * @param ready whether it should be heard: not while it is on its way in or out
   */
  record Agent(String identity, String pod, String podUid, String node, boolean ready) {}
}
