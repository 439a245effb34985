package dev.strata.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether this process leads, by its own clock and at this moment. A process that was frozen goes
 * on in the middle of what it was doing, and the elector tells it only later that another leads; so
 * every write asks here how long ago the lease was renewed, counted from when the renewal was sent.
 *
 * <p>It sees the renewals because they pass through it like every other request. What a process
 * writes before it leads is guarded by itself and not held back; once it is said to lead, nothing
 * passes before its first renewal.
 */
@Singleton
public final class Fence implements Interceptor {
  /**
   * How long a renewal counts. Another operator waits for {@link Leadership#LEASE_DURATION}; the
   * difference is for clocks that disagree and for requests that are on their way.
   */
  static final Duration RENEW_DEADLINE = Duration.ofSeconds(8);

  /** Longer than the client waits for an answer. */
  private static final Duration UNANSWERED = Duration.ofMinutes(1);

  private enum State {
    NEVER_LED,
    /** The lease has this process's name, and this process has not renewed it yet. */
    NAMED,
    LEADING,
    OVER
  }

  private final String leases;
  private final String lease;

  /**
   * When the renewals were sent that have no answer yet. By request, because after a freeze the
   * answer that is read first may be to one that was sent long ago.
   */
  private final Map<UUID, Long> asked = new ConcurrentHashMap<>();

  private volatile State state = State.NEVER_LED;

  /** When the newest renewal was sent that was answered; in {@link State#NAMED} since when. */
  private volatile long renewed;

  /** Wired by CDI. */
  public Fence(OperatorConfig config) {
    this.leases = "/apis/coordination.k8s.io/v1/namespaces/" + config.namespace() + "/leases";
    this.lease = leases + "/" + config.lease();
  }

  /** Whether what this process does now is a leader's. */
  boolean holds() {
    return state == State.LEADING && isFresh();
  }

  /** Whether this process led once and may not by now: then it has nothing to say to anybody. */
  boolean ranOut() {
    return (state == State.LEADING || state == State.OVER) && !isFresh();
  }

  /**
   * The elector says that this process leads. It may have read so in a lease that the process
   * before it had, under the same name, and another one may be faster to take it.
   */
  synchronized void named() {
    if (state == State.NEVER_LED) {
      renewed = System.nanoTime();
      state = State.NAMED;
    }
  }

  /** Whether the lease is this process's as far as it knows, and was not renewed for that long. */
  boolean isOverdue(Duration after) {
    return (state == State.NAMED || state == State.LEADING)
        && System.nanoTime() - renewed > after.toNanos();
  }

  private boolean isFresh() {
    return System.nanoTime() - renewed < RENEW_DEADLINE.toNanos();
  }

  /** Lets nothing through any more. */
  synchronized void close() {
    state = State.OVER;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    check(request.method(), request.uri().getPath());
  }

  /** The last step before it is sent, with the request as its answer will come with it. */
  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    if (isWrite(request.method()) && isLease(request.uri().getPath())) {
      long now = System.nanoTime();
      asked.values().removeIf(sent -> now - sent > UNANSWERED.toNanos());
      asked.put(request.id(), now);
    }
    return consumer;
  }

  /**
   * Lets a request pass.
   *
   * @throws KubernetesClientException when it is a write that only a leader may send and this
   *     process may not lead any more
   */
  void check(String method, String path) {
    if (isWrite(method) && !isLease(path) && state != State.NEVER_LED && !holds()) {
      throw new KubernetesClientException(
          "not sent, because another operator may lead by now: " + method + " " + path);
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    Long sent = asked.remove(request.id());
    if (sent != null && response.isSuccessful()) {
      renewed(sent);
    }
  }

  private synchronized void renewed(long sent) {
    if (state == State.OVER) {
      return;
    }
    if (state != State.LEADING || sent - renewed > 0) {
      renewed = sent;
    }
    state = State.LEADING;
  }

  private static boolean isWrite(String method) {
    return !method.equals("GET");
  }

  /** Its creation too, which is the first there is: later ones in that folder are identities. */
  private boolean isLease(String path) {
    return path.equals(lease) || (state == State.NEVER_LED && path.equals(leases));
  }
}
