package dev.strata.operator;

import dev.strata.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSourceStartPriority;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The cached objects of one kind that belong to pools, indexed by their pool, with our own writes
 * laid over them.
 */
final class PoolResources<R extends HasMetadata> extends InformerEventSource<R, AgentPool> {
  private static final String BY_OWNER = "owner";

  private final OwnWrites<R> own;
  private final Consumer<R> onGone;

  PoolResources(
      Class<R> kind,
      String name,
      OwnWrites<R> own,
      Consumer<R> onGone,
      EventSourceContext<AgentPool> context) {
    super(
        InformerEventSourceConfiguration.from(kind, AgentPool.class)
            .withName(name)
            .withLabelSelector(Names.POOL)
            .withNamespacesInheritedFromController()
            .withSecondaryToPrimaryMapper(PoolResources::pool)
            .build(),
        context);
    this.own = own;
    this.onGone = onGone;
    addIndexers(Map.of(BY_OWNER, PoolResources::owners));
  }

  /** Filled before the nodes are: who learns of a node asks which pods are on it. */
  @Override
  public EventSourceStartPriority priority() {
    return EventSourceStartPriority.RESOURCE_STATE_LOADER;
  }

  /** All of a pool, own writes included. */
  List<R> of(AgentPool pool) {
    String uid = pool.getMetadata().getUid();
    return own.over(() -> byIndex(BY_OWNER, uid), uid);
  }

  @Override
  public void onAdd(R resource) {
    own.seen(resource);
    super.onAdd(resource);
  }

  @Override
  public void onUpdate(R old, R resource) {
    own.seen(resource);
    super.onUpdate(old, resource);
  }

  @Override
  public synchronized void onDelete(R resource, boolean unknownFinalState) {
    own.gone(resource.getMetadata().getUid());
    onGone.accept(resource);
    super.onDelete(resource, unknownFinalState);
  }

  private static Set<ResourceID> pool(HasMetadata resource) {
    String pool = resource.getMetadata().getLabels().get(Names.POOL);
    return pool == null
        ? Set.of()
        : Set.of(new ResourceID(pool, resource.getMetadata().getNamespace()));
  }

  private static List<String> owners(HasMetadata resource) {
    return resource.getMetadata().getOwnerReferences().stream().map(r -> r.getUid()).toList();
  }
}
