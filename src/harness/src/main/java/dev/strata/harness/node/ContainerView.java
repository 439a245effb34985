package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a container at one moment.
 *
 * @param last how its previous run ended, or null
 * @param over true when it ended and will not be started again
 */
record ContainerView(
    Container container,
    ContainerState state,
    @Nullable ContainerState last,
    int restarts,
    boolean ready,
    boolean started,
    boolean over,
    String id) {

  static ContainerView waiting(Container container) {
    return new ContainerView(
        container, waitingState("ContainerCreating", null), null, 0, false, false, false, "");
  }

  ContainerView waits(String reason, @Nullable String message) {
    return new ContainerView(
        container, waitingState(reason, message), last, restarts, false, false, false, id);
  }

  /** Goes from ended to waiting: the end becomes the last state. */
  ContainerView waitsForRestart(String message) {
    return new ContainerView(
        container,
        waitingState("CrashLoopBackOff", message),
        state,
        restarts,
        false,
        false,
        false,
        id);
  }

  ContainerView runs(String newId, boolean isReady, boolean isStarted, int restartsNow) {
    return new ContainerView(
        container,
        new ContainerStateBuilder().withNewRunning().withStartedAt(now()).endRunning().build(),
        state.getTerminated() == null ? last : state,
        restartsNow,
        isReady,
        isStarted,
        false,
        newId);
  }

  ContainerView probed(boolean isReady, boolean isStarted) {
    return new ContainerView(container, state, last, restarts, isReady, isStarted, over, id);
  }

  ContainerView ended(int exitCode, String reason, @Nullable String message, boolean forGood) {
    String startedAt = state.getRunning() == null ? now() : state.getRunning().getStartedAt();
    ContainerState terminated =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withReason(reason)
            .withMessage(message)
            .withStartedAt(startedAt)
            .withFinishedAt(now())
            .withContainerID(id.isEmpty() ? null : id)
            .endTerminated()
            .build();
    return new ContainerView(container, terminated, last, restarts, false, false, forGood, id);
  }

  boolean running() {
    return state.getRunning() != null;
  }

  /** Exit status of a container that is over; -1 before. */
  int exitCode() {
    return state.getTerminated() == null ? -1 : state.getTerminated().getExitCode();
  }

  ContainerStatus status() {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID(state.getWaiting() == null ? "process://" + container.getImage() : "")
        .withContainerID(id.isEmpty() ? null : id)
        .withState(state)
        .withLastState(last == null ? new ContainerState() : last)
        .withRestartCount(restarts)
        .withReady(ready)
        .withStarted(started)
        .build();
  }

  private static ContainerState waitingState(String reason, @Nullable String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
