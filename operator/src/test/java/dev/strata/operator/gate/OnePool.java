package dev.strata.operator.gate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One pool without agents; notes what is asked of it. */
final class OnePool implements Pools {
  private final Pool pool =
      new Pool(GateDesk.POOL, "here", "research", "", 1, Duration.ofSeconds(60), List.of());

  /** How often it was told that its gates say something else. */
  final List<String> judged = new ArrayList<>();

  @Override
  public Optional<Pool> find(String namespace, String name) {
    return Optional.of(pool).filter(p -> p.namespace().equals(namespace) && p.name().equals(name));
  }

  @Override
  public Optional<Pool> find(String uid) {
    return Optional.of(pool).filter(p -> p.uid().equals(uid));
  }

  @Override
  public boolean exists(String namespace, String name) {
    return find(namespace, name).isPresent();
  }

  @Override
  public boolean lasting(String uid) {
    return true;
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  public boolean leading() {
    return true;
  }

  @Override
  public void whenLeading(Runnable task) {
    task.run();
  }

  @Override
  public synchronized void judged(String uid) {
    judged.add(uid);
  }

  @Override
  public void tell(
      HasMetadata about, String action, String reason, boolean warning, String message) {}
}
