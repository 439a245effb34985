package dev.strata.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was written to the API server and by whom, from the server's own audit log. Only requests
 * that change something are in it. Bodies are there for pods (request) and for leases outside
 * kube-node-lease (request and response).
 */
public final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  /**
   * @param file of an API server whose audit policy is audit-policy.yaml
   */
  public AuditLog(Path file) {
    this.file = file;
  }

  /** Writes what an API server has to be told so that its log can be read here. */
  public static void writePolicy(Path to) throws IOException {
    try (InputStream in = AuditLog.class.getResourceAsStream("audit-policy.yaml")) {
      if (in == null) {
        throw new IllegalStateException("audit-policy.yaml is missing from the class path");
      }
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * One answered request.
   *
   * @param user who, such as {@code system:node:node-1} or {@code
   *     system:serviceaccount:strata-system:strata-operator}
   * @param userAgent what it calls itself: operators put their own name behind a slash
   * @param verb create, update, patch, delete or deletecollection
   * @param resource plural, such as pods
   * @param subresource such as status; empty for the object itself
   * @param namespace empty for cluster-wide objects
   * @param name empty when the server makes the name
   * @param at when the request came in, microseconds
   * @param answered when its answer had been sent, microseconds
   * @param code HTTP status of the answer
   */
  public record Entry(
      String user,
      String userAgent,
      String verb,
      String resource,
      String subresource,
      String namespace,
      String name,
      Instant at,
      Instant answered,
      int code,
      @Nullable JsonNode requestObject,
      @Nullable JsonNode responseObject) {

    /** Whether this replica of the operator sent it. */
    public boolean isBy(OperatorProcess operator) {
      return userAgent.equals("strata-operator/" + operator.name());
    }

    /** Whether it is about who of several operators leads. */
    public boolean isLeadership() {
      return resource.equals("leases") && namespace.equals(Cluster.SYSTEM_NAMESPACE);
    }

    /** Whether it asks about its sender's own rights: it has no namespace and changes nothing. */
    public boolean isQuestion() {
      return resource.equals("selfsubjectrulesreviews")
          || resource.equals("selfsubjectaccessreviews");
    }

    /** True when the server carried it out. */
    public boolean succeeded() {
      return code >= 200 && code < 300;
    }
  }

  /** All requests so far that satisfy the predicate, in the order of their answers. */
  public List<Entry> entries(Predicate<Entry> wanted) {
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        String next = reader.readLine();
        // The last line may be half-written.
        if (next != null || line.endsWith("}")) {
          Entry entry = parse(line);
          if (wanted.test(entry)) {
            entries.add(entry);
          }
        }
        line = next;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log " + file + " cannot be read", e);
    }
    return entries;
  }

  /** Requests that came in from {@code from} on and before {@code until}. */
  public List<Entry> between(Instant from, Instant until) {
    return entries(entry -> !entry.at().isBefore(from) && entry.at().isBefore(until));
  }

  /** Number of requests by user. */
  public static Map<String, Long> countByUser(List<Entry> entries) {
    Map<String, Long> counts = new TreeMap<>();
    entries.forEach(entry -> counts.merge(entry.user(), 1L, Long::sum));
    return counts;
  }

  /** Number of requests by {@code verb resource/subresource}. */
  public static Map<String, Long> countByRequest(List<Entry> entries) {
    Map<String, Long> counts = new TreeMap<>();
    entries.forEach(
        entry ->
            counts.merge(
                entry.verb()
                    + " "
                    + entry.resource()
                    + (entry.subresource().isEmpty() ? "" : "/" + entry.subresource()),
                1L,
                Long::sum));
    return counts;
  }

  /** The writer as people speak of it: operator, scheduler, node, controller-manager, other. */
  public static String writer(Entry entry) {
    String user = entry.user();
    if (user.startsWith("system:node:")) {
      return "node";
    }
    if (user.equals("system:kube-scheduler")) {
      return "scheduler";
    }
    if (user.startsWith("system:serviceaccount:kube-system:")
        || user.equals("system:kube-controller-manager")) {
      return "controller-manager";
    }
    return user.endsWith(":strata-operator") ? "operator" : "other";
  }

  static Entry parse(String line) throws IOException {
    JsonNode json = JSON.readTree(line);
    JsonNode object = json.path("objectRef");
    return new Entry(
        json.path("user").path("username").asText(),
        json.path("userAgent").asText(),
        json.path("verb").asText(),
        object.path("resource").asText(),
        object.path("subresource").asText(),
        object.path("namespace").asText(),
        object.path("name").asText(),
        Instant.parse(json.path("requestReceivedTimestamp").asText()),
        Instant.parse(json.path("stageTimestamp").asText()),
        json.path("responseStatus").path("code").asInt(),
        json.get("requestObject"),
        json.get("responseObject"));
  }
}
