package dev.strata.operator;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a new agent finds NATS: at the addresses that the servers' names have at the moment, then
 * at the names. The search for a name takes a starting agent longer than the connection itself,
 * because the resolver tries each suffix of the pod's search list first.
 */
final class NatsServers {
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final List<String> urls;
  private final boolean byName;
  private final Executor executor;
  private final AtomicLong askedAt = new AtomicLong();
  private volatile List<String> addresses = List.of();

  /**
   * @param urls with commas between them
   * @param authority with one, servers are spoken to over TLS and by the names in their
   *     certificates
   * @param executor where names are looked up
   */
  NatsServers(String urls, @Nullable String authority, Executor executor) {
    this.urls = Arrays.stream(urls.split(",", -1)).map(String::strip).toList();
    this.byName = authority != null || !this.urls.stream().allMatch(u -> u.startsWith("nats://"));
    this.executor = executor;
    askedAt.set(System.nanoTime() - FRESH.toNanos());
    refresh();
  }

  /** URLs in the order in which one agent is to try them; each agent has an order of its own. */
  String forAgent() {
    refresh();
    List<String> order = new ArrayList<>(addresses);
    Collections.shuffle(order);
    List<String> names = new ArrayList<>(urls);
    Collections.shuffle(names);
    order.addAll(names);
    return String.join(",", order);
  }

  /** Never waits: a pod made meanwhile has the addresses of half a minute ago, or the names. */
  private void refresh() {
    long last = askedAt.get();
    long now = System.nanoTime();
    if (!byName && now - last >= FRESH.toNanos() && askedAt.compareAndSet(last, now)) {
      executor.execute(() -> addresses = urls.stream().flatMap(u -> found(u).stream()).toList());
    }
  }

  private static List<String> found(String url) {
    URI uri = URI.create(url);
    String host = uri.getHost();
    if (host == null) {
      return List.of();
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(InetAddress::getHostAddress)
          .filter(address -> !host.equals(address) && address.indexOf(':') < 0)
          .map(address -> "nats://" + address + ":" + (uri.getPort() < 0 ? 4222 : uri.getPort()))
          .toList();
    } catch (UnknownHostException e) {
      // The names remain, and the agents say themselves what they could not find.
      return List.of();
    }
  }
}
