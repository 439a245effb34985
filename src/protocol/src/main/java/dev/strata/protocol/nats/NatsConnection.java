package dev.strata.protocol.nats;

import dev.strata.protocol.TransportException;
import dev.strata.protocol.WireBytes;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.ForceReconnectOptions;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to NATS, with our options: it reconnects for ever, notices a hung server in about
 * four seconds, and keeps nothing to send while it is down, because an old heartbeat is worse than
 * none. {@link NatsTransport}, {@link NatsWorkLane} and {@link NatsWorkAdmin} share it.
 */
public final class NatsConnection implements AutoCloseable {
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(50);

  /** Never zero: jnats 2.26.2 then stays disconnected for ever after one failed round. */
  private static final Duration RECONNECT_JITTER = Duration.ofMillis(5);

  private static final Duration PING = Duration.ofSeconds(1);

  /** As many questions without an answer, and one more, are a hung server. */
  private static final int UNANSWERED = 2;

  /** An agent asks twice a second: each heartbeat wants to know that it has arrived. */
  private static final int UNANSWERED_OF_AGENT = 4;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final long RETRY_MILLIS = 50;

  /** Small, because an agent holds two of them all its life. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private static final long DOWN = Long.MIN_VALUE;

  private static final Duration RENEWAL_FLUSH = Duration.ofSeconds(1);

  private final Connection connection;
  private final Watch watch;
  private final @Nullable SeedAuth auth;
  private final WireBytes wire;

  private NatsConnection(Connection connection, Watch watch, @Nullable SeedAuth auth) {
    this.connection = connection;
    this.watch = watch;
    this.auth = auth;
    var counted = connection.getStatistics();
    this.wire = new WireBytes(() -> counted.getInBytes() + counted.getOutBytes());
  }

  /** Connects as below; certificates of servers are judged by the JDK's own trust store. */
  public static NatsConnection open(
      List<String> urls,
      @Nullable Credentials credentials,
      String name,
      Duration limit,
      Consumer<String> log)
      throws InterruptedException {
    return open(urls, null, credentials, name, limit, log);
  }

  /**
   * Connects, and retries while no server answers. A server that is spoken to over TLS has to show
   * a certificate for the name that its URL has.
   *
   * @param urls of servers of one cluster, such as nats://127.0.0.1:4222 or
   *     tls://nats.example:4222, in the order in which they are tried
   * @param authority certificates, PEM, of the only authorities that are trusted; with them nothing
   *     but TLS is spoken, whatever the URLs begin with. Null: the JDK's own trust store
   * @param credentials null for a server without authentication
   * @param name shown by the server; its private inbox prefix follows from it
   * @param limit how long to retry
   * @param log gets a line for each change of the connection and each error of the server
   * @throws TransportException when no server answered within the limit, or one refused us
   * @throws IllegalArgumentException when the authority is no PEM
   */
  public static NatsConnection open(
      List<String> urls,
      @Nullable String authority,
      @Nullable Credentials credentials,
      String name,
      Duration limit,
      Consumer<String> log)
      throws InterruptedException {
    SeedAuth auth = credentials == null ? null : new SeedAuth(credentials);
    return connect(urls, authority, auth, name, UNANSWERED, limit, log);
  }

  /**
   * Connects an agent as above, with credentials that may still be on their way.
   *
   * @throws RuntimeException that of their supplier, when they cannot be had
   */
  public static NatsConnection connect(
      List<String> urls,
      @Nullable String authority,
      @Nullable SeedAuth auth,
      String name,
      Duration limit,
      Consumer<String> log)
      throws InterruptedException {
    return connect(urls, authority, auth, name, UNANSWERED_OF_AGENT, limit, log);
  }

  private static NatsConnection connect(
      List<String> urls,
      @Nullable String authority,
      @Nullable SeedAuth auth,
      String name,
      int unanswered,
      Duration limit,
      Consumer<String> log)
      throws InterruptedException {
    var watch = new Watch(log);
    Options options = options(urls, authority, auth, name, unanswered, watch);
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        Connection connection = Nats.connect(options);
        watch.up();
        return new NatsConnection(connection, watch, auth);
      } catch (AuthenticationException e) {
        throw new TransportException("NATS at " + urls + " refused the credentials of " + name, e);
      } catch (IOException e) {
        if (auth != null) {
          auth.check();
        }
        if (System.nanoTime() - deadline > 0) {
          throw new TransportException(
              "no NATS server answered at %s within %d s%s"
                  .formatted(urls, limit.toSeconds(), watch.lastFailure()),
              e);
        }
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  private static Options options(
      List<String> urls,
      @Nullable String authority,
      @Nullable SeedAuth auth,
      String name,
      int unanswered,
      Watch watch) {
    Options.Builder builder =
        new Options.Builder()
            .servers(urls.toArray(String[]::new))
            // Whoever made the list has put an order into it.
            .noRandomize()
            .serverPool(new LateServerPool())
            .connectionName(name)
            .inboxPrefix(NatsAccounts.inboxPrefix(name))
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectJitter(RECONNECT_JITTER)
            .reconnectJitterTls(RECONNECT_JITTER)
            .reconnectBufferSize(0)
            .connectionTimeout(CONNECT_TIMEOUT)
            .pingInterval(PING)
            .maxPingsOut(unanswered)
            .bufferSize(BUFFER_BYTES)
            .connectionListener(watch)
            .errorListener(watch);
    if (auth != null) {
      builder.authHandler(auth);
    }
    if (authority != null) {
      builder.sslContext(TrustedAuthority.context(authority));
    }
    if (authority != null || !urls.stream().allMatch(url -> url.startsWith("nats://"))) {
      // Else jnats puts addresses for names before it connects, and certificates are about names.
      builder
          .dataPortType(VerifiedPort.class.getName())
          .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
    }
    return builder.build();
  }

  /**
   * Goes on with other credentials of the same user, by connecting anew at once: the server closes
   * a connection when the credentials that it was made with expire, and that moment is not ours to
   * choose. What was published before has reached the server; an answer that is awaited now does
   * not come.
   *
   * @throws IllegalArgumentException when they are no credentials
   * @throws TransportException when the connection was opened without credentials
   */
  public void renew(Credentials credentials) throws InterruptedException {
    if (auth == null) {
      throw new TransportException("a connection without credentials has none to renew");
    }
    auth.renew(credentials);
    try {
      connection.forceReconnect(ForceReconnectOptions.builder().flush(RENEWAL_FLUSH).build());
    } catch (IOException e) {
      throw new TransportException("cannot connect with renewed credentials", e);
    }
  }

  /** Whether the connection stands now. */
  public boolean connected() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }

  /**
   * Whether it ended for good: closed by us, or refused by the server twice while reconnecting. A
   * new one must be opened.
   */
  public boolean closed() {
    return connection.getStatus() == Connection.Status.CLOSED;
  }

  /** See {@link dev.strata.protocol.Transport#connectedFor()}. */
  public Duration connectedFor() {
    long since = watch.since;
    return since == DOWN || !connected()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - since);
  }

  @Override
  public void close() {
    watch.closing = true;
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What has gone over it so far. */
  public WireBytes wire() {
    return wire;
  }

  Connection nats() {
    return connection;
  }

  /** How often the connection broke so far: an answer awaited across a break never comes. */
  int breaks() {
    return watch.breaks.get();
  }

  void publish(String subject, byte[] body) {
    if (!connected()) {
      throw new TransportException("not connected to NATS: nothing was sent to " + subject);
    }
    try {
      connection.publish(subject, body);
    } catch (IllegalStateException e) {
      throw new TransportException("not connected to NATS: nothing was sent to " + subject, e);
    }
  }

  /** Sends a request whose answer is taken with {@link #answer}. */
  CompletableFuture<Message> ask(
      String subject, @Nullable Headers headers, byte[] body, Duration limit) {
    if (!connected()) {
      throw new TransportException("not connected to NATS: nothing was asked of " + subject);
    }
    try {
      return connection.requestWithTimeout(subject, headers, body, limit);
    } catch (IllegalStateException e) {
      throw new TransportException("not connected to NATS: nothing was asked of " + subject, e);
    }
  }

  Message answer(String subject, CompletableFuture<Message> asked, Duration limit) {
    try {
      return asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (CancellationException e) {
      throw new TransportException(
          "NATS has nobody who answers " + subject + ": no such stream, or JetStream is away", e);
    } catch (TimeoutException e) {
      throw new TransportException(
          "NATS did not answer " + subject + " within " + limit.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new TransportException("NATS did not answer " + subject + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException("interrupted while waiting for " + subject, e);
    }
  }

  Message request(String subject, @Nullable Headers headers, byte[] body, Duration limit) {
    return answer(subject, ask(subject, headers, body, limit), limit);
  }

  /** What the connection says of itself, on threads of jnats. */
  private static final class Watch implements ConnectionListener, ErrorListener {
    private final Consumer<String> log;
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile long since = DOWN;
    private volatile boolean closing;
    private volatile String failure = "";

    Watch(Consumer<String> log) {
      this.log = log;
    }

    /** Why the last attempt failed, to be put behind a sentence; empty when that is not known. */
    String lastFailure() {
      return failure.isEmpty() ? "" : ": " + failure;
    }

    void up() {
      failure = "";
      if (since == DOWN) {
        since = System.nanoTime();
      }
    }

    @SuppressWarnings(
        "deprecation") // the only abstract method of the interface, called by the new one
    @Override
    public void connectionEvent(Connection connection, Events event) {
      switch (event) {
        case DISCONNECTED, CLOSED -> {
          since = DOWN;
          breaks.incrementAndGet();
        }
        // CONNECTED comes from open(), which sees it earlier.
        case RESUBSCRIBED -> {
          since = System.nanoTime();
          failure = "";
        }
        default -> {}
      }
      if (event.isConnectionEvent() && event != Events.CONNECTED && !closing) {
        log.accept("NATS connection " + event.getEvent());
      }
      if (event == Events.LAME_DUCK) {
        moveAway(connection);
      }
    }

    /** To jnats a server that shuts down is only news: leaving it is for us to do. */
    private void moveAway(Connection connection) {
      if (connection.getServers().size() < 2) {
        return;
      }
      try {
        connection.forceReconnect();
      } catch (IOException e) {
        log.accept("NATS: cannot leave a server that shuts down: " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
      log.accept("NATS server says: " + error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
      Throwable cause = exception.getCause();
      boolean afterConnecting = exception instanceof ExecutionException && cause != null;
      String what = String.valueOf(afterConnecting ? cause : exception);
      // A server that is there and not taken, as one with another's certificate: said once.
      boolean known = afterConnecting && what.equals(failure);
      failure = what;
      // Refused connections while a server is away come every 50 ms: the events above say enough.
      if (!(exception instanceof IOException) && !known) {
        log.accept("NATS client: " + what);
      }
    }
  }
}
