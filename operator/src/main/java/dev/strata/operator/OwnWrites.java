package dev.strata.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What this operator wrote and its cache has not shown yet. A plan made from the cache alone would
 * create and activate twice; with these entries laid over it, the cache is never behind our own
 * hands. An entry goes when the cache shows the same or a newer resource version.
 */
final class OwnWrites<R extends HasMetadata> {
  /** Far more than can be deleted while one write waits for its answer. */
  private static final int LATEST_GONE = 1000;

  private final Map<String, R> written = new ConcurrentHashMap<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();

  /**
   * The latest that the cache has seen go: an answer that comes after would bring one back, and
   * nobody would ever tell of its end again.
   */
  private final Set<String> gone =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > LATEST_GONE;
                }
              }));

  /** Remembers what the API server answered to our write. */
  void wrote(R resource) {
    String uid = uid(resource);
    written.merge(uid, resource, (old, now) -> version(now) > version(old) ? now : old);
    if (gone.contains(uid)) {
      written.remove(uid);
    }
  }

  /** Remembers that we deleted a resource; it may live on for its grace period. */
  void deleted(String uid) {
    deleted.add(uid);
    if (gone.contains(uid)) {
      deleted.remove(uid);
    }
  }

  /** The cache has seen this version. */
  void seen(R resource) {
    written.computeIfPresent(
        uid(resource), (uid, own) -> version(own) <= version(resource) ? null : own);
    if (resource.getMetadata().getDeletionTimestamp() != null) {
      deleted.remove(uid(resource));
    }
  }

  /** The cache has seen it go. */
  void gone(String uid) {
    gone.add(uid);
    written.remove(uid);
    deleted.remove(uid);
  }

  boolean isDeleted(String uid) {
    return deleted.contains(uid);
  }

  /**
   * The cached resources of one owner with our own newer versions in their place.
   *
   * @param cache reads the cache
   */
  List<R> over(Supplier<? extends Collection<R>> cache, String ownerUid) {
    // In this order: an own version goes when the cache has it, so what is not among the own ones
    // any more is in a cache that is read after them.
    Map<String, R> ours = Map.copyOf(written);
    Collection<R> cached = cache.get();
    List<R> result = new ArrayList<>(cached.size());
    Set<String> present = new HashSet<>();
    for (R resource : cached) {
      present.add(uid(resource));
      R own = ours.get(uid(resource));
      boolean ahead = own != null && version(own) > version(resource);
      result.add(ahead ? own : resource);
      if (own != null && !ahead) {
        // The cache was told of it before our own write had its answer.
        written.remove(uid(resource), own);
      }
    }
    for (R own : ours.values()) {
      if (!present.contains(uid(own)) && PoolObject.ownedBy(own, ownerUid)) {
        result.add(own);
      }
    }
    return result;
  }

  private static String uid(HasMetadata resource) {
    return resource.getMetadata().getUid();
  }

  private static long version(HasMetadata resource) {
    return Long.parseLong(resource.getMetadata().getResourceVersion());
  }
}
