package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.harness.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the operator may do, by the chart's roles, beside what it did in all the stories, by the
 * audit logs of their API servers. The build runs it by its tag, after all other tests.
 */
@Tag("rights")
final class LeastPrivilegeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPERATOR = "system:serviceaccount:strata-system:strata-operator";
  private static final List<String> STORIES =
      List.of(
          "ExamplesTest",
          "GateActionsTest",
          "HandlersTest",
          "PoolLifeTest",
          "RecoveryTest",
          "RollingUpdateTest",
          "TroubleTest");

  @Test
  void operatorNeverAsksForMoreThanItMayAndUsesWhatItMay() {
    List<StoriesTold> told = StoriesTold.all();
    assumeThat(told).as("stories told in this run; make test tells them").isNotEmpty();
    TreeSet<String> used = new TreeSet<>();
    TreeSet<String> refused = new TreeSet<>();
    TreeSet<String> unused = new TreeSet<>();
    for (StoriesTold stories : told) {
      read(stories.audit(), used, refused);
      unused.addAll(stories.rights());
    }
    unused.removeAll(used);
    System.err.println("the operator used: " + used);
    System.err.println("the operator may, and did not: " + unused);
    System.err.println("the operator was refused: " + refused);
    assertThat(refused).as("requests for which a right is missing").isEmpty();
    assertThat(told.stream().flatMap(stories -> stories.classes().stream()))
        .as("classes whose stories were told; without all of these it is unknown what is unused")
        .containsAll(STORIES);
    assertThat(unused).as("rights that nothing needs; drop them from the chart").isEmpty();
  }

  /**
   * What was refused once and granted at another time, for the same object, was no missing right:
   * an API server that has just started has not read its roles yet.
   */
  private static void read(Path log, SortedSet<String> used, SortedSet<String> refused) {
    Map<String, String> granted = new TreeMap<>();
    Map<String, String> denied = new TreeMap<>();
    try (Stream<String> lines = Files.lines(log)) {
      lines
          .filter(line -> line.contains(OPERATOR) && line.endsWith("}"))
          .map(LeastPrivilegeTest::parse)
          .filter(event -> event.path("user").path("username").asText().equals(OPERATOR))
          .filter(event -> event.has("objectRef"))
          .forEach(
              event -> {
                boolean may =
                    event
                        .path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asText()
                        .equals("allow");
                Map<String, String> to = may ? granted : denied;
                to.put(object(event, verb(event)), request(event, verb(event)));
                if (createdByApply(event)) {
                  to.put(object(event, "create"), request(event, "create"));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    used.addAll(granted.values());
    denied.keySet().removeAll(granted.keySet());
    refused.addAll(denied.values());
  }

  private static String verb(JsonNode event) {
    return event.path("verb").asText();
  }

  /**
   * An apply of what is not there. The API server asks for the right to create it, too, and logs
   * the apply alone.
   */
  private static boolean createdByApply(JsonNode event) {
    return verb(event).equals("patch")
        && event.path("responseStatus").path("code").asInt() == HttpURLConnection.HTTP_CREATED;
  }

  private static String object(JsonNode event, String verb) {
    JsonNode object = event.path("objectRef");
    return "%s of %s/%s"
        .formatted(
            request(event, verb), object.path("namespace").asText(), object.path("name").asText());
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String request(JsonNode event, String verb) {
    JsonNode object = event.path("objectRef");
    String subresource = object.path("subresource").asText();
    boolean own = object.path("namespace").asText().equals(Cluster.SYSTEM_NAMESPACE);
    return OperatorRights.named(
            verb,
            object.path("apiGroup").asText(),
            object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource))
        + (own ? OperatorRights.OWN : "");
  }
}
