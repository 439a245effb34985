package dev.strata.harness;

import dev.strata.harness.node.NodeSettings;
import dev.strata.harness.node.ProcessNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that has a control plane with a running pod, to be killed. */
final class OrphanMain {
  private OrphanMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    ControlPlane controlPlane =
        ControlPlane.start(ControlPlaneSpec.of(Tier.T2).withParent(Path.of(arguments[0])));
    ProcessNode.start(controlPlane, "node-1", new ImageTable(), NodeSettings.usual());
    controlPlane.createNamespace("x");
    TestPods pods = new TestPods(controlPlane.client(), "x");
    pods.create(pods.shell("p", "trap '' TERM; sleep 600 & sleep 600"));
    pods.awaitPhase("p", "Running");
    Files.writeString(Path.of(arguments[0], "address"), controlPlane.network().take());
    new CountDownLatch(1).await();
  }
}
