package dev.strata.e2e;

import static dev.strata.e2e.Event.agentDies;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.protocol.AgentEnvironment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Secrets stay where they belong: not one of them is in a log, an Event, a status, a pod or a
 * command line. Told after the other stories, because it reads what those have left in the logs.
 */
@SystemTest
@Order(Integer.MAX_VALUE - 1)
final class SecrecyTest {
  /** NATS seeds, and JWTs of whatever kind. */
  private static final Pattern ANY_SECRET =
      Pattern.compile(
          "\\bS[UAO][A-Z2-7]{56}\\b|\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.");

  /** Who a pod is to NATS: of no use without the seed, see {@link IsolationTest}. */
  private static final Pattern POD_USER =
      Pattern.compile("\"name\":\"" + AgentEnvironment.CREDENTIALS + "\",\"value\":\"[^\"]*\"");

  @Test
  void noSecretIsToldToAnybody(Story story) throws IOException {
    story.given(pool("vault").replicas(2).warm(1));
    story.tasks("vault").post("hello");
    story.when(agentDies("vault-0"), poolIsScaledTo("vault", 3));
    story.then(thePool("vault")).isReady(3).hasSpares(1);

    List<String> secrets = new ArrayList<>(List.of(story.cluster().accounts().accountSeed()));
    story.podsOf("vault").forEach(pod -> secrets.addAll(PodSecrets.of(story, pod).all()));
    assertThat(secrets).as("what must not show").hasSizeGreaterThan(4).doesNotContain("");
    assertThat(tellsOf(secrets.toString(), secrets)).as("the search finds what is there").isTrue();

    assertThat(logs(story)).isNotEmpty().noneMatch(log -> tellsOf(read(log), secrets));
    assertThat(objects(story)).isNotEmpty().noneMatch(text -> tellsOf(text, secrets));
    assertThat(commandLines()).isNotEmpty().noneMatch(text -> tellsOf(text, secrets));
  }

  private static boolean tellsOf(String text, List<String> secrets) {
    return ANY_SECRET.matcher(POD_USER.matcher(text).replaceAll("")).find()
        || secrets.stream().anyMatch(text::contains);
  }

  private static List<Path> logs(Story story) throws IOException {
    try (Stream<Path> files = Files.walk(story.cluster().logs())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** What people with a reader's rights see: Events, status, pods, everything but Secrets. */
  private static List<String> objects(Story story) {
    var client = story.client();
    List<Object> all = new ArrayList<>();
    all.addAll(client.events().v1().events().inNamespace(story.namespace()).list().getItems());
    assertThat(all).as("Events").isNotEmpty();
    all.add(story.pool("vault"));
    all.addAll(story.podsOf("vault"));
    all.addAll(client.leases().inNamespace(story.namespace()).list().getItems());
    all.addAll(
        client.apps().controllerRevisions().inNamespace(story.namespace()).list().getItems());
    return all.stream().map(Serialization::asJson).toList();
  }

  private static List<String> commandLines() throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .map(process -> read(process.resolve("cmdline")))
          .toList();
    }
  }

  /** A process that is gone by now says nothing. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
