package dev.strata.operator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.core.pool.Action;
import dev.strata.core.pool.Spent;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Evicts agents and keeps the account of it: as an annotation of the pool's disruption budget,
 * written before the eviction, so that no operator pays twice and none forgets.
 */
final class Evictor {
  private static final Logger LOG = Logger.getLogger(Evictor.class);
  static final String ACCOUNT = "strata.dev/evictions";

  /** The longest cooldown is a day. */
  private static final Duration REMEMBERED = Duration.ofHours(25);

  /** What was refused is not asked for again at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final GuardedWrites writes;
  private final Clock clock;
  private final Map<String, Instant> refused = new ConcurrentHashMap<>();

  /** How an eviction ended. */
  enum Outcome {
    /** The pod is going. */
    Evicted,
    /** A disruption budget does not allow it now. */
    DisruptionBudget,
    /** This operator has no right to evict. */
    NoPermission,
    /** The API server failed; whether the pod goes is seen. */
    EvictionFailed,
    /** What was decided on has changed: to be decided again. */
    Outdated
  }

  Evictor(KubernetesClient client, Clock clock) {
    this.client = client;
    this.writes = new GuardedWrites(client);
    this.clock = clock;
  }

  /** Whether the last refusal is long enough ago. */
  boolean mayAsk(AgentPool pool) {
    Instant at = refused.get(pool.getMetadata().getUid());
    return at == null || clock.instant().isAfter(at.plus(PATIENCE));
  }

  void forget(String poolUid) {
    refused.remove(poolUid);
  }

  /**
   * What the pool has paid for, as the API server has it now; empty when it cannot be read, and
   * then nothing is evicted for a while.
   */
  Optional<List<Spent>> spent(AgentPool pool) {
    try {
      PodDisruptionBudget account = account(pool);
      return Optional.of(account == null ? List.of() : read(account));
    } catch (KubernetesClientException | DateTimeParseException e) {
      LOG.warnf("%s: nothing is evicted: %s", pool.getMetadata().getName(), e.getMessage());
      refused.put(pool.getMetadata().getUid(), clock.instant());
      return Optional.empty();
    }
  }

  Outcome evict(AgentPool pool, Pod pod, Action.Evict action, List<Spent> decidedOn) {
    PodDisruptionBudget account = account(pool);
    // Another operator may have paid in between.
    if (account == null || !read(account).equals(decidedOn)) {
      return Outcome.Outdated;
    }
    // A cache that is behind still shows what was evicted a moment ago.
    if (isGoing(pod)) {
      return Outcome.Outdated;
    }
    String uid = pod.getMetadata().getUid();
    if (!action.paid()) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      var paid = Stream.concat(decidedOn.stream(), Stream.of(new Spent(uid, now))).toList();
      if (!write(account, paid, now)) {
        return Outcome.Outdated;
      }
    }
    try {
      boolean evicted =
          client
              .pods()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(pod.getMetadata().getName())
              .evict(
                  new EvictionBuilder()
                      .withNewMetadata()
                      .withName(pod.getMetadata().getName())
                      .withNamespace(pod.getMetadata().getNamespace())
                      .endMetadata()
                      .withDeleteOptions(
                          new DeleteOptionsBuilder().withNewPreconditions(null, uid).build())
                      .build());
      return evicted ? Outcome.Evicted : refuse(pool, uid, Outcome.DisruptionBudget);
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT -> Outcome.Outdated;
        case HttpURLConnection.HTTP_FORBIDDEN -> refuse(pool, uid, Outcome.NoPermission);
        default -> {
          // It may have come through: it stays paid for, and is tried again after a while.
          LOG.warnf("%s: %s", pool.getMetadata().getName(), e.getMessage());
          refused.put(pool.getMetadata().getUid(), clock.instant());
          yield Outcome.EvictionFailed;
        }
      };
    }
  }

  private boolean isGoing(Pod pod) {
    Pod now =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .get();
    return now == null || now.getMetadata().getDeletionTimestamp() != null;
  }

  /** What was not done is not paid for. */
  private Outcome refuse(AgentPool pool, String podUid, Outcome outcome) {
    refused.put(pool.getMetadata().getUid(), clock.instant());
    PodDisruptionBudget account = account(pool);
    if (account != null) {
      List<Spent> left = read(account).stream().filter(s -> !s.pod().equals(podUid)).toList();
      if (!write(account, left, clock.instant())) {
        LOG.infof("%s: the eviction that was refused stays paid for", pool.getMetadata().getName());
      }
    }
    return outcome;
  }

  private @Nullable PodDisruptionBudget account(AgentPool pool) {
    return client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(pool.getMetadata().getNamespace())
        .withName(pool.getMetadata().getName())
        .get();
  }

  private boolean write(PodDisruptionBudget account, List<Spent> spent, Instant now) {
    String text =
        spent.stream()
            .filter(s -> s.at().isAfter(now.minus(REMEMBERED)))
            .map(s -> s.at() + "=" + s.pod())
            .collect(Collectors.joining(","));
    var change = JsonNodeFactory.instance.objectNode();
    change.withObject("/metadata/annotations").put(ACCOUNT, text);
    return writes.patch(account, change).isPresent();
  }

  private static List<Spent> read(PodDisruptionBudget account) {
    Map<String, String> annotations = account.getMetadata().getAnnotations();
    String text = annotations == null ? "" : annotations.getOrDefault(ACCOUNT, "");
    return Arrays.stream(text.split(","))
        .filter(entry -> entry.contains("="))
        .map(
            entry ->
                new Spent(
                    entry.substring(entry.indexOf('=') + 1),
                    Instant.parse(entry.substring(0, entry.indexOf('=')))))
        .toList();
  }
}
