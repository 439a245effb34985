package dev.strata.e2e;

import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.Cancel;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.nats.Credentials;
import dev.strata.protocol.nats.NatsAccounts;
import io.fabric8.kubernetes.api.model.Pod;
import io.nats.client.AuthenticationException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an agent may do besides its work: nothing. */
@SystemTest
final class IsolationTest {
  private static final String TASK = MessageIds.newTaskId();

  @Test
  void agentsCredentialsReachNothingOfOthers(Story story) {
    story.given(pool("cell").replicas(2));
    story.given(pool("next").replicas(1));
    Pod self = story.podOf("cell-0");
    String own = story.pool("cell").getMetadata().getUid();
    String pod = self.getMetadata().getName();
    String mate = story.podOf("cell-1").getMetadata().getName();
    String foreign = story.pool("next").getMetadata().getUid();
    String stranger = story.podOf("next-0").getMetadata().getName();
    var credentials = PodSecrets.of(story, self).credentials();
    try (var intruder = new Intruder(story.cluster().natsUrl(), credentials)) {
      assertThat(intruder.mayPublish(Subjects.heartbeat(own, pod))).as("its own work").isTrue();
      assertThat(intruder.mayHear(Subjects.control(own, pod))).as("its own work").isTrue();

      assertThat(othersVoices(own, mate, foreign, stranger))
          .as("it speaks as another, or to the operator's subjects")
          .noneMatch(intruder::mayPublish);
      assertThat(othersEars(own, mate, foreign, stranger))
          .as("it hears what is meant for others")
          .noneMatch(intruder::mayHear);
      assertThat(streamCalls(own, foreign))
          .as("it makes, changes, empties or removes streams and consumers")
          .noneMatch(intruder::mayPublish);
      assertThat(foreignWork(foreign))
          .as("it works for another pool")
          .noneMatch(intruder::mayPublish);
    }
    story.tasks("next").answers("untouched", "untouched");
  }

  @Test
  void whoReadsAPodIsNobodyToNats(Story story) {
    story.given(pool("open").replicas(2));
    Credentials self = PodSecrets.of(story, story.podOf("open-0")).credentials();
    Credentials mate = PodSecrets.of(story, story.podOf("open-1")).credentials();
    // The JWT stands in the pod; the key is another agent's.
    var stolen = new Credentials(mate.jwt(), self.seed());
    String url = story.cluster().natsUrl();
    assertThatThrownBy(() -> new Intruder(url, stolen).close())
        .rootCause()
        .isInstanceOf(AuthenticationException.class);
  }

  @Test
  void whoHasAVerifierMayAskItAndNothingElse(Story story) {
    story.given(pool("judge").replicas(1));
    story.given(
        pool("judged").set("agent.validation", Map.of("verifier", Map.of("pool", "judge"))));
    Pod self = story.podOf("judged-0");
    String own = story.pool("judged").getMetadata().getUid();
    String mate = "judged-mate";
    String judge = story.pool("judge").getMetadata().getUid();
    String judging = story.podOf("judge-0").getMetadata().getName();
    var credentials = PodSecrets.of(story, self).credentials();
    List<String> asking =
        List.of(
            Subjects.task(judge, Priority.NORMAL, TASK),
            "$JS.API.STREAM.MSG.GET." + Subjects.resultStream(judge));
    try (var intruder = new Intruder(story.cluster().natsUrl(), credentials)) {
      assertThat(asking).as("it asks the verifier").allMatch(intruder::mayPublish);
      assertThat(intruder.mayHear(Subjects.result(judge, TASK)))
          .as("it hears the verdict")
          .isTrue();

      assertThat(othersVoices(own, mate, judge, judging))
          .as("it speaks as an agent of the verifier pool")
          .noneMatch(intruder::mayPublish);
      assertThat(othersEars(own, mate, judge, judging))
          .filteredOn(subject -> !subject.equals(Subjects.result(judge, "*")))
          .as("it hears what is meant for the verifier pool")
          .noneMatch(intruder::mayHear);
      assertThat(streamCalls(own, judge))
          .as("it makes, changes, empties or removes streams and consumers")
          .noneMatch(intruder::mayPublish);
      assertThat(foreignWork(judge))
          .filteredOn(subject -> !asking.contains(subject))
          .as("it takes or reads the verifier pool's tasks")
          .noneMatch(intruder::mayPublish);
    }
  }

  @Test
  void aCancellationOfEverythingTakesNothingOut(Story story) {
    story.given(pool("busy").replicas(1).java("sleep"));
    String own = story.pool("busy").getMetadata().getUid();
    PoolTasks tasks = story.tasks("busy");
    tasks.result(tasks.submit("1"));
    List<String> sent = Stream.generate(() -> tasks.submit("300")).limit(12).toList();
    var credentials = PodSecrets.of(story, story.podOf("busy-0")).credentials();
    try (var intruder = new Intruder(story.cluster().natsUrl(), credentials)) {
      for (String id : List.of("*", ">")) {
        intruder.send(
            Subjects.cancel(own),
            new Messages("busy").wrap(MessageType.CANCEL, Priority.EMERGENCY, 0, new Cancel(id)));
      }
    }
    assertThat(sent)
        .allSatisfy(id -> assertThat(tasks.result(id).status()).isEqualTo(TaskResult.Status.DONE));
  }

  private static List<String> othersVoices(
      String own, String mate, String foreign, String stranger) {
    return List.of(
        Subjects.heartbeat(own, mate),
        Subjects.heartbeat(foreign, stranger),
        Subjects.control(own, mate),
        Subjects.control(foreign, stranger),
        Subjects.ask(foreign, stranger),
        Subjects.opinion(foreign, stranger),
        Subjects.cancel(foreign),
        Subjects.result(foreign, TASK),
        Subjects.deadLetter(foreign, TASK),
        Subjects.attempt(foreign, TASK),
        NatsAccounts.inboxPrefix(mate) + "1",
        "_INBOX.1",
        "$SYS.REQ.SERVER.PING");
  }

  private static List<String> othersEars(String own, String mate, String foreign, String stranger) {
    return List.of(
        ">",
        Subjects.ALL_HEARTBEATS,
        Subjects.heartbeat(own, mate),
        Subjects.control(own, mate),
        Subjects.control(own, "*"),
        Subjects.control(foreign, stranger),
        Subjects.ask(own, mate),
        Subjects.ask(own, "*"),
        Subjects.ask(foreign, stranger),
        Subjects.opinion(own, mate),
        Subjects.opinion(own, "*"),
        Subjects.opinion(foreign, stranger),
        Subjects.cancel(foreign),
        Subjects.result(foreign, "*"),
        Subjects.tasks(own, Priority.NORMAL),
        Subjects.tasks(foreign, Priority.NORMAL),
        NatsAccounts.inboxPrefix(mate) + ">",
        NatsAccounts.inboxPrefix("strata-operator-0") + ">",
        "_INBOX.>",
        "$JS.API.>",
        "$SYS.>");
  }

  private static List<String> streamCalls(String own, String foreign) {
    String tasks = Subjects.taskStream(own);
    String results = Subjects.resultStream(own);
    String consumer = Subjects.consumer(Priority.NORMAL);
    return List.of(
        "$JS.API.STREAM.DELETE." + tasks,
        "$JS.API.STREAM.DELETE." + results,
        "$JS.API.STREAM.DELETE." + Subjects.taskStream(foreign),
        "$JS.API.STREAM.PURGE." + tasks,
        "$JS.API.STREAM.PURGE." + results,
        "$JS.API.STREAM.PURGE." + Subjects.deadLetterStream(own),
        "$JS.API.STREAM.PURGE." + Subjects.taskStream(foreign),
        "$JS.API.STREAM.MSG.DELETE." + results,
        // Its answer is the message itself, which may be sent to anywhere.
        "$JS.API.DIRECT.GET." + results + "." + Subjects.result(own, TASK),
        "$JS.API.DIRECT.GET." + results,
        "$JS.API.STREAM.CREATE.mine",
        "$JS.API.STREAM.UPDATE." + tasks,
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST",
        "$JS.API.CONSUMER.CREATE." + tasks,
        "$JS.API.CONSUMER.CREATE." + results + ".mine",
        "$JS.API.CONSUMER.DURABLE.CREATE." + tasks + ".mine",
        "$JS.API.CONSUMER.DELETE." + tasks + "." + consumer,
        "$JS.API.CONSUMER.PAUSE." + tasks + "." + consumer);
  }

  private static List<String> foreignWork(String foreign) {
    String tasks = Subjects.taskStream(foreign);
    String consumer = Subjects.consumer(Priority.NORMAL);
    return List.of(
        "$JS.API.CONSUMER.MSG.NEXT." + tasks + "." + consumer,
        "$JS.API.CONSUMER.INFO." + tasks + "." + consumer,
        "$JS.ACK." + tasks + "." + consumer + ".1.1.1.1.0",
        "$JS.API.STREAM.MSG.GET." + tasks,
        "$JS.API.STREAM.MSG.GET." + Subjects.resultStream(foreign),
        "$JS.API.STREAM.MSG.GET." + Subjects.deadLetterStream(foreign),
        "$JS.API.DIRECT.GET." + tasks + "." + Subjects.task(foreign, Priority.NORMAL, TASK),
        Subjects.task(foreign, Priority.NORMAL, TASK));
  }

  @Test
  void agentsPodHasNoTokenAndNothingToWriteTo(Story story) {
    story.given(pool("bare").replicas(1).warm(1));
    assertThat(story.podsOf("bare"))
        .hasSize(2)
        .allSatisfy(
            pod -> {
              var spec = pod.getSpec();
              assertThat(spec.getAutomountServiceAccountToken()).isFalse();
              assertThat(spec.getVolumes()).as("volumes: a token would be one").isEmpty();
              assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
              assertThat(spec.getContainers())
                  .allSatisfy(
                      container -> {
                        var security = container.getSecurityContext();
                        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
                      });
            });
  }
}
