package dev.strata.protocol;

import java.util.Optional;
import java.util.Set;

/** Makes and removes the streams of pools; the operator's part of the work lane. */
public interface WorkAdmin {
  /**
   * Makes or updates the streams and consumers of a pool. Idempotent.
   *
   * @param pool UID of the pool
   * @param namespace in which the pool is; see {@link #namespaceOf}
   * @throws TransportException when the engine did not answer
   */
  void ensurePool(String pool, String namespace, Limits limits);

  /** Removes all streams of a pool; nothing happens when there are none. */
  void removePool(String pool);

  /**
   * Takes a task out of its stream, queued or being executed, if its result is stored: whoever says
   * that it was cancelled need not be believed.
   *
   * @return whether it was there
   * @throws TransportException when the engine did not answer
   */
  boolean removeEnded(String pool, String taskId);

  /** UIDs of the pools that have streams. */
  Set<String> pools();

  /**
   * The namespace that a pool's streams were made for, whether the pool is still there or not;
   * empty when there are no streams.
   */
  Optional<String> namespaceOf(String pool);

  /** How many tasks of a pool are stored and not yet ended. */
  long backlog(String pool);

  /** Where the queue of a pool stands; empty when it has no streams. */
  Optional<Flow> flow(String pool);

  /**
   * The queue of a pool at one moment.
   *
   * @param waiting tasks that are stored and not yet ended
   * @param stored tasks that were ever stored
   */
  record Flow(long waiting, long stored) {}

  /**
   * How much a pool may keep at the server.
   *
   * @param taskBytes bytes that queued tasks may take
   * @param resultBytes bytes that retained results may take
   * @param resultRetentionSeconds how long a result is retained
   */
  record Limits(long taskBytes, long resultBytes, long resultRetentionSeconds) {
    /** 256 MiB of tasks, 256 MiB of results, one hour. */
    public static final Limits DEFAULT = new Limits(256L << 20, 256L << 20, 3600);
  }
}
