package dev.strata.protocol.nats;

import io.nats.client.Options;
import io.nats.client.ServerPool;
import io.nats.client.impl.NatsHostResolver;
import io.nats.client.impl.NatsServerPool;
import io.nats.client.support.NatsUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * jnats' own pool of servers, made when the first server has not taken us or is lost, or when it is
 * told of different servers twice. Making it starts the JDK's logging, which looks for services in
 * every jar of the class path: a tenth of the time from the start of an agent to its first
 * heartbeat.
 */
final class LateServerPool implements ServerPool {
  /** Told of before the first server has taken us, and after it. */
  private List<String> told = List.of();

  private List<String> toldLater = List.of();
  private @Nullable Options options;
  private boolean tried;
  private boolean succeeded;
  private @Nullable ServerPool pool;

  @Override
  public synchronized void initialize(Options given) {
    options = given;
    told = List.of();
    toldLater = List.of();
    tried = false;
    succeeded = false;
    pool = null;
    if (alike(given.getNatsServerUris())) {
      pool();
    }
  }

  /** Of these the library takes one. */
  private static boolean alike(List<NatsUri> servers) {
    for (int i = 0; i < servers.size(); i++) {
      NatsUri server = servers.get(i);
      if (servers.subList(0, i).stream().anyMatch(server::equivalent)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there are new ones is known once there is a pool to compare them with. */
  @Override
  public synchronized boolean acceptDiscoveredUrls(List<String> urls) {
    List<String> before = succeeded ? toldLater : told;
    if (pool != null || !(before.isEmpty() || before.equals(urls))) {
      return pool().acceptDiscoveredUrls(urls);
    }
    if (succeeded) {
      toldLater = List.copyOf(urls);
    } else {
      told = List.copyOf(urls);
    }
    return false;
  }

  @Override
  public synchronized @Nullable NatsUri peekNextServer() {
    return tried || pool != null ? pool().peekNextServer() : first();
  }

  @Override
  public synchronized @Nullable NatsUri nextServer() {
    if (tried || pool != null) {
      return pool().nextServer();
    }
    tried = true;
    return first();
  }

  @Override
  @SuppressWarnings("deprecation") // the library has both
  public @Nullable List<String> resolveHostToIps(String host) {
    return resolveHostToIps(host, false, false);
  }

  @Override
  public @Nullable List<String> resolveHostToIps(String host, boolean one, boolean ip6) {
    return NatsHostResolver.resolveHostToIps(host, one, ip6);
  }

  @Override
  public synchronized void connectSucceeded(NatsUri server) {
    if (pool == null) {
      succeeded = true;
    } else {
      pool.connectSucceeded(server);
    }
  }

  @Override
  public synchronized void connectFailed(NatsUri server) {
    pool().connectFailed(server);
  }

  @Override
  public synchronized List<String> getServerList() {
    return pool().getServerList();
  }

  @Override
  public synchronized boolean hasSecureServer() {
    return pool == null
        ? options().getNatsServerUris().stream().anyMatch(NatsUri::isSecure)
        : pool.hasSecureServer();
  }

  private NatsUri first() {
    return options().getNatsServerUris().getFirst();
  }

  private Options options() {
    if (options == null) {
      throw new IllegalStateException("not initialized");
    }
    return options;
  }

  /** As it would be by now. */
  private ServerPool pool() {
    if (pool == null) {
      ServerPool made = new NatsServerPool();
      made.initialize(options());
      NatsUri first = tried ? made.nextServer() : null;
      accept(made, told);
      if (succeeded && first != null) {
        made.connectSucceeded(first);
      }
      accept(made, toldLater);
      pool = made;
    }
    return pool;
  }

  private static void accept(ServerPool made, List<String> urls) {
    if (!urls.isEmpty()) {
      made.acceptDiscoveredUrls(urls);
    }
  }
}
