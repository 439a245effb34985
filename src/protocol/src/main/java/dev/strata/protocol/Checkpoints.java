package dev.strata.protocol;

import java.util.Optional;

/** What an operator keeps of a pool's measurements for the one that comes after it. */
public interface Checkpoints {
  /**
   * Keeps it, in place of what was kept before.
   *
   * @param namespace in which the pool is
   * @throws TransportException when the engine did not answer, or it is too large
   */
  void save(String pool, String namespace, byte[] checkpoint);

  /**
   * What was kept last; empty when nothing was.
   *
   * @throws TransportException when the engine did not answer
   */
  Optional<byte[]> load(String pool);
}
