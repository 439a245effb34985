package dev.strata.core.pool;

import org.jspecify.annotations.Nullable;

/**
 * One pod, unmistakably.
 *
 * @param name its name
 * @param uid its UID: the precondition of everything done to it
 * @param node where it is bound; null while it is not
 */
public record PodRef(String name, String uid, @Nullable String node) {
  @Override
  public String toString() {
    return node == null ? name : node + "/" + name;
  }
}
