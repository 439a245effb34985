package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkAdmin;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Submission;
import dev.strata.protocol.WorkLane.Whereabouts;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the work lane believes of a server that lost the others, and with them what it was told. */
class NatsClusterTest {
  private static final String POOL = "pool-1";
  private static final Duration SETTLED = Duration.ofSeconds(60);

  @TempDir Path folder;
  private List<NatsServer> servers = List.of();

  @BeforeEach
  void startServers() throws Exception {
    servers = NatsServer.startThree(folder);
    Awaitility.await()
        .atMost(SETTLED)
        .ignoreExceptions()
        .until(
            () -> {
              try (NatsConnection connection = servers.getFirst().administrator()) {
                new NatsWorkAdmin(connection, 3)
                    .ensurePool(POOL, "agents", WorkAdmin.Limits.DEFAULT);
                return true;
              }
            });
  }

  @AfterEach
  void stopServers() {
    servers.forEach(NatsServer::close);
  }

  /**
   * A leader without followers refuses the second attempt to store a result because of the first
   * one, which may be lost with it. Whoever took that for "there is a result" would acknowledge the
   * task, and both would be gone.
   */
  @Test
  void aResultThatMayBeLostIsNotTakenForStored() throws Exception {
    Task task = new Task(MessageIds.newTaskId(), "x", 1000, null);
    TaskResult result = NatsWorkLaneTest.result(task, "y");
    NatsServer leader = leader(Subjects.resultStream(POOL));
    List<NatsServer> followers = servers.stream().filter(server -> server != leader).toList();
    try (NatsConnection connection = leader.agent(POOL, "pod-1")) {
      WorkLane lane = new NatsWorkLane(connection, POOL, "pod-1");
      assertThat(lane.submit(task, Priority.NORMAL)).isEqualTo(Submission.STORED);
      for (NatsServer follower : followers) {
        follower.freeze();
      }
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> lane.storeResult(result)).isInstanceOf(TransportException.class);
      }
    }
    leader.kill();
    for (NatsServer follower : followers) {
      follower.thaw();
    }
    try (NatsConnection connection = followers.getFirst().agent(POOL, "pod-1")) {
      WorkLane lane = new NatsWorkLane(connection, POOL, "pod-1");
      Awaitility.await()
          .atMost(SETTLED)
          .ignoreExceptionsInstanceOf(TransportException.class)
          .until(() -> lane.whereabouts(task.id()) == Whereabouts.QUEUED_OR_RUNNING);
      // Whether the followers had heard of the first attempt is as it happens.
      Awaitility.await()
          .atMost(SETTLED)
          .ignoreExceptionsInstanceOf(TransportException.class)
          .until(() -> lane.storeResult(result));
      assertThat(lane.result(task.id())).contains(result);
    }
  }

  private NatsServer leader(String stream)
      throws IOException, JetStreamApiException, InterruptedException {
    try (NatsConnection connection = servers.getFirst().administrator()) {
      String name =
          connection
              .nats()
              .jetStreamManagement()
              .getStreamInfo(stream)
              .getClusterInfo()
              .getLeader();
      return servers.get(Integer.parseInt(name.substring("server-".length())));
    }
  }
}
