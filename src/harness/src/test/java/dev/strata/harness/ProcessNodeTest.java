package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.harness.junit.ControlPlaneTest;
import dev.strata.harness.junit.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@ControlPlaneTest(tier = Tier.T2, nodes = 1)
class ProcessNodeTest {

  @Test
  void aCommandRunsToItsEndAndLeavesALog(TestNamespace ns) throws IOException {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(pods.shell("good", "echo done by $HOSTNAME"));
    pods.create(
        pods.shell("bad", "echo it went wrong; exit 7")
            .editSpec()
            .editFirstContainer()
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .endContainer()
            .endSpec());
    Pod good = pods.awaitPhase("good", "Succeeded");
    assertThat(TestPods.container(good).getState().getTerminated().getReason())
        .isEqualTo("Completed");
    assertThat(log(ns, good)).contains("done by good");
    var end = TestPods.container(pods.awaitPhase("bad", "Failed")).getState().getTerminated();
    assertThat(end.getExitCode()).isEqualTo(7);
    assertThat(end.getReason()).isEqualTo("Error");
    assertThat(end.getMessage()).isEqualTo("it went wrong");
  }

  private static String log(TestNamespace ns, Pod pod) throws IOException {
    try (Stream<Path> files = Files.list(ns.controlPlane().logs().resolve("pods"))) {
      Path folder =
          files
              .filter(file -> file.getFileName().toString().startsWith(ns.name() + "_"))
              .filter(file -> file.toString().contains("_" + pod.getMetadata().getName() + "_"))
              .findFirst()
              .orElseThrow();
      return Files.readString(folder.resolve("main.log"));
    }
  }

  @Test
  void aContainerWaitsForItsSecret(TestNamespace ns) throws IOException {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(withSecret(pods.shell("needs", "echo \"$WORD $POD_IP $ARG\"; cat /dev/null")));
    Pod waiting = pods.awaitWaiting("needs", "CreateContainerConfigError");
    assertThat(TestPods.container(waiting).getState().getWaiting().getMessage())
        .isEqualTo("secret \"words\" not found");
    ns.client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("words")
                .withNamespace(ns.name())
                .endMetadata()
                .addToStringData("word", "open sesame")
                .build())
        .create();
    Pod done = pods.awaitPhase("needs", "Succeeded");
    assertThat(log(ns, done))
        .isEqualTo("open sesame %s is open sesame\n".formatted(done.getStatus().getPodIP()));
  }

  private static PodBuilder withSecret(PodBuilder pod) {
    return pod.editSpec()
        .editFirstContainer()
        .addNewEnv()
        .withName("WORD")
        .withNewValueFrom()
        .withNewSecretKeyRef("word", "words", null)
        .endValueFrom()
        .endEnv()
        .addNewEnv()
        .withName("POD_IP")
        .withNewValueFrom()
        .withNewFieldRef("v1", "status.podIP")
        .endValueFrom()
        .endEnv()
        .addNewEnv()
        .withName("ARG")
        .withValue("is $(WORD)")
        .endEnv()
        .endContainer()
        .endSpec();
  }

  @Test
  void volumesAreFoldersUnderTheirMountPaths(TestNamespace ns) throws IOException {
    TestPods pods = new TestPods(ns.client(), ns.name());
    ns.client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("files")
                .withNamespace(ns.name())
                .endMetadata()
                .addToStringData("key", "of gold")
                .build())
        .create();
    pods.create(
        pods.shell("mounts", "cat $FILE; cp $FILE etc/scratch/copy; cat $0")
            .editSpec()
            .editFirstContainer()
            .withArgs("/etc/scratch/copy")
            .addNewEnv()
            .withName("FILE")
            .withValue("/etc/secret/key")
            .endEnv()
            .addNewVolumeMount()
            .withName("s")
            .withMountPath("/etc/secret")
            .endVolumeMount()
            .addNewVolumeMount()
            .withName("e")
            .withMountPath("/etc/scratch")
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("s")
            .withNewSecret()
            .withSecretName("files")
            .endSecret()
            .endVolume()
            .addNewVolume()
            .withName("e")
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .endSpec());
    assertThat(log(ns, pods.awaitPhase("mounts", "Succeeded"))).isEqualTo("of goldof gold");
  }

  @Test
  void whatCannotStartSaysWhy(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(
        pods.shell("unknown-image", "true")
            .editSpec()
            .editFirstContainer()
            .withImage("nobody/knows:1")
            .endContainer()
            .endSpec());
    pods.create(
        pods.shell("no-command", "true")
            .editSpec()
            .editFirstContainer()
            .withCommand("no-such-program")
            .endContainer()
            .endSpec());
    pods.awaitWaiting("unknown-image", "ErrImagePull");
    Pod image = pods.awaitWaiting("unknown-image", "ImagePullBackOff");
    assertThat(TestPods.container(image).getState().getWaiting().getMessage())
        .contains("nobody/knows:1");
    assertThat(image.getStatus().getPhase()).isEqualTo("Pending");
    var end =
        TestPods.container(pods.awaitPhase("no-command", "Failed")).getState().getTerminated();
    assertThat(end.getReason()).isEqualTo("StartError");
    assertThat(end.getExitCode()).isEqualTo(128);
    assertThat(end.getMessage()).contains("no-such-program");
  }

  @Test
  void readinessFollowsTheProbe(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(
        pods.shell("probed", "touch ok; sleep 600")
            .editSpec()
            .editFirstContainer()
            .withNewReadinessProbe()
            .withNewExec()
            .withCommand("test", "-e", "ok")
            .endExec()
            .withPeriodSeconds(1)
            .withFailureThreshold(1)
            .endReadinessProbe()
            .endContainer()
            .endSpec());
    Pod ready = pods.await("probed", TestPods::ready);
    assertThat(ready.getStatus().getPhase()).isEqualTo("Running");
    assertThat(TestPods.container(ready).getStarted()).isTrue();
    Path ok =
        ns.controlPlane()
            .data()
            .resolve("nodes/node-1/" + ready.getMetadata().getUid() + "/main/root/ok");
    assertThat(ok.toFile().delete()).isTrue();
    pods.await("probed", pod -> !TestPods.ready(pod));
  }

  @Test
  void deletionGivesGraceAndThenKills(TestNamespace ns) throws IOException {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(pods.shell("kind", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done"));
    pods.create(
        pods.shell("stubborn", "trap '' TERM; sleep 600 & while :; do sleep 1; done")
            .editSpec()
            .withTerminationGracePeriodSeconds(1L)
            .endSpec());
    Pod kind = pods.awaitPhase("kind", "Running");
    pods.awaitPhase("stubborn", "Running");
    long stubborn = ns.nodes().getFirst().processes("stubborn").get("main");
    ns.client().pods().inNamespace(ns.name()).delete();
    pods.awaitGone("kind");
    pods.awaitGone("stubborn");
    assertThat(log(ns, kind)).isEqualTo("bye\n");
    assertThat(ProcessHandle.of(stubborn).filter(ProcessHandle::isAlive)).isEmpty();
    List<AuditLog.Entry> deletes =
        ns.controlPlane()
            .audit()
            .entries(
                entry ->
                    entry.namespace().equals(ns.name())
                        && entry.verb().equals("delete")
                        && entry.user().equals("system:node:node-1"));
    assertThat(deletes).hasSize(2).allMatch(AuditLog.Entry::succeeded);
  }

  @Test
  void aKilledContainerIsStartedAgainWhenItsPolicySaysSo(TestNamespace ns) {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(
        pods.shell("phoenix", "sleep 600").editSpec().withRestartPolicy("Always").endSpec());
    pods.awaitPhase("phoenix", "Running");
    ns.nodes().getFirst().killPodForMemory("phoenix");
    Pod again = pods.await("phoenix", pod -> TestPods.container(pod).getRestartCount() == 1);
    var last = TestPods.container(again).getLastState().getTerminated();
    assertThat(last.getReason()).isEqualTo("OOMKilled");
    assertThat(last.getExitCode()).isEqualTo(137);
  }

  @Test
  void theServiceAccountsTokenIsMounted(TestNamespace ns) throws IOException {
    TestPods pods = new TestPods(ns.client(), ns.name());
    pods.create(
        pods.shell("token", "ls var/run/secrets/kubernetes.io/serviceaccount")
            .editSpec()
            .withAutomountServiceAccountToken(true)
            .endSpec());
    Pod pod = pods.awaitPhase("token", "Succeeded");
    assertThat(log(ns, pod)).contains("ca.crt", "namespace", "token");
    assertThat(Map.copyOf(pod.getMetadata().getAdditionalProperties())).isEmpty();
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> ns.nodes().getFirst().processes("token").isEmpty());
  }
}
