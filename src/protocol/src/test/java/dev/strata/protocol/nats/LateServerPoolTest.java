package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Options;
import io.nats.client.ServerPool;
import io.nats.client.impl.NatsServerPool;
import io.nats.client.support.NatsUri;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** It gives the servers that the client library's own pool would give. */
class LateServerPoolTest {
  private static final List<List<String>> DISCOVERED =
      List.of(
          List.of("10.0.0.3:4222", "10.0.0.4:4222"),
          List.of("10.0.0.4:4222", "10.0.0.2:4222", "10.0.0.3:4222"));

  private static final List<List<String>> SERVERS =
      List.of(
          List.of("nats://10.0.0.1:4222", "nats://10.0.0.2:4222", "nats://n:4222"),
          List.of("nats://10.0.0.1:4222", "tls://10.0.0.1:4222", "nats://n:4222"),
          List.of("tls://n:4222"));

  /** Each number is what happens next: failed, connected, lost, or told of more servers. */
  @Property(tries = 300)
  void sameAsTheClientLibrarys(
      @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 4) Integer> events,
      @ForAll @IntRange(min = 0, max = 2) int servers) {
    Options options =
        Options.builder()
            .servers(SERVERS.get(servers).toArray(String[]::new))
            .noRandomize()
            .maxReconnects(-1)
            .build();
    ServerPool late = new LateServerPool();
    ServerPool theirs = new NatsServerPool();
    late.initialize(options);
    theirs.initialize(options);
    assertThat(late.peekNextServer()).isEqualTo(theirs.peekNextServer());
    NatsUri server = next(late, theirs);
    boolean connected = false;
    for (int event : events) {
      assertThat(late.hasSecureServer()).isEqualTo(theirs.hasSecureServer());
      switch (event) {
        case 0 -> {
          connected = false;
          late.connectFailed(server);
          theirs.connectFailed(server);
          server = next(late, theirs);
        }
        case 1 -> {
          if (!connected) {
            late.connectSucceeded(server);
            theirs.connectSucceeded(server);
          }
          connected = true;
        }
        case 2 -> {
          connected = false;
          server = next(late, theirs);
        }
        default -> {
          late.acceptDiscoveredUrls(DISCOVERED.get(event - 3));
          theirs.acceptDiscoveredUrls(DISCOVERED.get(event - 3));
        }
      }
    }
    assertThat(late.hasSecureServer()).isEqualTo(theirs.hasSecureServer());
    assertThat(late.getServerList()).isEqualTo(theirs.getServerList());
    assertThat(late.resolveHostToIps("127.0.0.1", true, false)).containsExactly("127.0.0.1");
  }

  private static @Nullable NatsUri next(ServerPool late, ServerPool theirs) {
    NatsUri server = theirs.nextServer();
    assertThat(late.nextServer()).isEqualTo(server);
    return server;
  }
}
