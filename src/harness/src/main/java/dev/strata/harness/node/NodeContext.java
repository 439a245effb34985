package dev.strata.harness.node;

import dev.strata.harness.ControlPlane;
import dev.strata.harness.ImageTable;
import java.nio.file.Path;

/** What the parts of one node share. */
record NodeContext(
    String name,
    String address,
    NodeApi api,
    ControlPlane controlPlane,
    ImageTable images,
    NodeSettings settings) {

  /** Folder of the pods' files. */
  Path folder() {
    return controlPlane.data().resolve("nodes").resolve(name);
  }

  /** Folder of the pods' logs. */
  Path logs() {
    return controlPlane.logs().resolve("pods");
  }
}
