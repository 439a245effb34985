package dev.strata.e2e;

import dev.strata.harness.Cluster;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;

/** The raw streams at the server, counted without any code of the product. */
final class Streams implements AutoCloseable {
  private final Connection connection;

  Streams(Cluster cluster) {
    var user = cluster.accounts().administrator("e2e-streams", Clock.systemUTC());
    try {
      connection =
          Nats.connect(
              Options.builder()
                  .server(cluster.natsUrl())
                  .authHandler(
                      Nats.staticCredentials(user.jwt().toCharArray(), user.seed().toCharArray()))
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Names of the streams that carry this pool's UID. */
  List<String> of(String poolUid) {
    try {
      return connection.jetStreamManagement().getStreamNames().stream()
          .filter(name -> name.endsWith(poolUid))
          .toList();
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many messages a stream has had stored under a subject. */
  long messages(String stream, String subject) {
    try {
      return connection
          .jetStreamManagement()
          .getStreamInfo(
              stream,
              io.nats.client.api.StreamInfoOptions.builder().filterSubjects(subject).build())
          .getStreamState()
          .getSubjectMap()
          .getOrDefault(subject, 0L);
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
