package dev.strata.demo;

import dev.strata.harness.Cluster;
import dev.strata.harness.ClusterSpec;
import dev.strata.protocol.nats.NatsConnection;
import dev.strata.protocol.nats.NatsTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Starts a cluster, tells the story, ends the cluster. Exit status 0 only if what it shows holds. */
public final class Demo {
  private Demo() {}

  /**
   * The command line.
   *
   * @param arguments the folder with documents; the project's own when there is none
   */
  public static void main(String[] arguments) throws InterruptedException {
    var screen = new Screen(System.out);
    int status = 1;
    try {
      var documents = Documents.below(Path.of(arguments.length == 0 || arguments[0].isBlank() ? "." : arguments[0]));
      screen.step("starting a control plane, NATS, 4 nodes and the operator");
      try (var cluster = Cluster.start(ClusterSpec.standard().withNodes(4))) {
        status = tell(cluster, documents, screen) ? 0 : 1;
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
    } catch (IllegalStateException | IOException | TimeoutException e) {
      System.err.println("the demo failed: " + e.getMessage());
      e.printStackTrace(System.err);
    }
    screen.step(status == 0 ? "all facts hold" : "NOT all facts hold");
    System.exit(status);
  }

  private static boolean tell(Cluster cluster, Documents documents, Screen screen)
      throws InterruptedException, IOException, TimeoutException {
    try (var connection =
            NatsConnection.open(
                List.of(cluster.natsUrl()),
                cluster.accounts().administrator("demo", java.time.Clock.systemUTC()),
                "demo",
                Duration.ofSeconds(20),
                line -> {});
        var transport = new NatsTransport(connection)) {
      return new Story(cluster, connection, new Hearing(transport), documents, screen).tell();
    }
  }
}
