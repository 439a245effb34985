package dev.strata.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.AgentPoolSpec;
import dev.strata.core.pool.TemplateHistory;
import dev.strata.core.pool.TemplateHistory.Kept;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The templates of pools, kept as ControllerRevisions. What gates have found out about them stands
 * in annotations, so that every operator goes on with it.
 */
final class Templates {
  /** Annotation: when all gates were satisfied with this template alone, RFC 3339. */
  static final String SATISFIED = "strata.dev/satisfied-at";

  /** Annotation: why this template was taken back. */
  static final String TAKEN_BACK = "strata.dev/rolled-back";

  /** Annotation: since when it is the newest again, RFC 3339. */
  private static final String SINCE = "strata.dev/newest-since";

  /** How many templates are kept for looking back. */
  private static final int MOST = 5;

  private final KubernetesClient client;
  private final Creator creator;
  private final GuardedWrites writes;
  private final ObjectMapper json;
  private final Clock clock;

  Templates(KubernetesClient client, Creator creator, ObjectMapper json, Clock clock) {
    this.client = client;
    this.creator = creator;
    this.writes = new GuardedWrites(client);
    this.json = json.copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    this.clock = clock;
  }

  /**
   * The templates of one pool.
   *
   * @param instead the template in force where it is not the one that the spec has
   * @param why why it is not; null: it is
   */
  record Standing(
      Templates of,
      TemplateHistory history,
      @Nullable Map<String, Object> instead,
      @Nullable String why) {

    /** Whether the newest one is still what the spec has. */
    boolean isOf(AgentPool pool) {
      return history.newest().hash().equals(of.hash(of.template(pool)));
    }

    /** The pool as pods are to be made for it: with the template that is in force. */
    AgentPool inForce(AgentPool pool) {
      return instead == null ? pool : of.with(pool, instead);
    }
  }

  /** Keeps the template that the pool has now, and says which one is in force. */
  Standing ensure(AgentPool pool, Set<String> inUse) {
    Map<String, Object> template = template(pool);
    String hash = hash(template);
    List<ControllerRevision> kept = new ArrayList<>(list(pool));
    long newest = kept.stream().mapToLong(ControllerRevision::getRevision).max().orElse(0);
    var known = kept.stream().filter(r -> hash.equals(hash(r))).findFirst();
    if (known.isEmpty()) {
      var metadata = PoolObject.metadata(pool, name(pool, hash));
      metadata.getLabels().put(Names.REVISION, hash);
      kept.add(
          creator.createListed(
              new ControllerRevisionBuilder()
                  .withMetadata(metadata)
                  .withRevision(newest + 1)
                  .withData(template)
                  .build(),
              pool.getMetadata().getUid()));
    } else if (known.get().getRevision() < newest) {
      // Back to an earlier template: it becomes the newest again, as with Deployments, and is
      // judged anew.
      var again = annotating(SINCE, now().toString()).put("revision", newest + 1);
      again.withObject("/metadata/annotations").putNull(TAKEN_BACK);
      ControllerRevision patched =
          writes
              .patch(known.get(), again)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "the revision " + hash + " has changed in between"));
      kept.replaceAll(r -> hash.equals(hash(r)) ? patched : r);
    }
    var history = new TemplateHistory(kept.stream().map(Templates::kept).toList());
    trim(kept, inUse, history);
    return standing(kept, history);
  }

  private Standing standing(List<ControllerRevision> kept, TemplateHistory history) {
    if (history.inForce().equals(history.newest())) {
      return new Standing(this, history, null, null);
    }
    ControllerRevision instead = find(kept, history.inForce());
    @SuppressWarnings("unchecked") // an object of JSON
    Map<String, Object> template = json.convertValue(instead.getData(), Map.class);
    String why = annotation(find(kept, history.newest()), TAKEN_BACK);
    return new Standing(this, history, template, why == null ? "" : why);
  }

  private static ControllerRevision find(List<ControllerRevision> kept, Kept wanted) {
    return kept.stream().filter(r -> wanted.hash().equals(hash(r))).findFirst().orElseThrow();
  }

  /** Takes the newest one back: the one before it that was satisfied is in force from now on. */
  void takeBack(AgentPool pool, Standing standing, String why) {
    annotate(pool, standing.history().newest(), TAKEN_BACK, why);
  }

  /** Notes that gates were satisfied with the template that is in force. */
  void satisfied(AgentPool pool, Standing standing) {
    annotate(pool, standing.history().inForce(), SATISFIED, now().toString());
  }

  private void annotate(AgentPool pool, Kept which, String annotation, String text) {
    list(pool).stream()
        .filter(r -> which.hash().equals(hash(r)) && which.number() == r.getRevision())
        .findFirst()
        .ifPresent(r -> writes.patch(r, annotating(annotation, text)));
  }

  private static ObjectNode annotating(String annotation, String text) {
    var change = JsonNodeFactory.instance.objectNode();
    change.withObject("/metadata/annotations").put(annotation, text);
    return change;
  }

  private List<ControllerRevision> list(AgentPool pool) {
    return client
        .apps()
        .controllerRevisions()
        .inNamespace(pool.getMetadata().getNamespace())
        .withLabel(Names.POOL, pool.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(r -> PoolObject.ownedBy(r, pool))
        .toList();
  }

  private void trim(List<ControllerRevision> kept, Set<String> inUse, TemplateHistory history) {
    String before = history.before().map(Kept::hash).orElse("");
    int surplus = kept.size() - MOST;
    List<ControllerRevision> oldest =
        kept.stream()
            .sorted((a, b) -> Long.compare(a.getRevision(), b.getRevision()))
            .filter(r -> !inUse.contains(hash(r)) && !hash(r).equals(before))
            .filter(r -> !hash(r).equals(history.newest().hash()))
            .limit(Math.max(0, surplus))
            .toList();
    oldest.forEach(r -> writes.delete(r, false));
  }

  private static Kept kept(ControllerRevision revision) {
    String since = annotation(revision, SINCE);
    return new Kept(
        hash(revision),
        revision.getRevision(),
        Instant.parse(since == null ? revision.getMetadata().getCreationTimestamp() : since),
        annotation(revision, SATISFIED) != null,
        annotation(revision, TAKEN_BACK) != null);
  }

  private static @Nullable String annotation(ControllerRevision revision, String name) {
    Map<String, String> annotations = revision.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(name);
  }

  private static String hash(ControllerRevision revision) {
    return String.valueOf(revision.getMetadata().getLabels().get(Names.REVISION));
  }

  private static String name(AgentPool pool, String hash) {
    return pool.getMetadata().getName() + "-" + hash;
  }

  private Map<String, Object> template(AgentPool pool) {
    Map<String, Object> template = new TreeMap<>();
    template.put("agent", json.convertValue(pool.getSpec().agent(), Map.class));
    template.put("drain", json.convertValue(pool.getSpec().drain(), Map.class));
    template.put("template", json.convertValue(pool.getSpec().template(), Map.class));
    return template;
  }

  private AgentPool with(AgentPool pool, Map<String, Object> template) {
    @SuppressWarnings("unchecked") // an object of JSON
    Map<String, Object> spec = json.convertValue(pool.getSpec(), Map.class);
    spec.putAll(template);
    var changed = new AgentPool();
    changed.setMetadata(pool.getMetadata());
    changed.setSpec(json.convertValue(spec, AgentPoolSpec.class));
    return changed;
  }

  private String hash(Map<String, Object> template) {
    try {
      byte[] bytes = json.writeValueAsBytes(template);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 5);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("the template cannot be hashed", e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
