package dev.strata.e2e;

import dev.strata.harness.Cluster;
import dev.strata.harness.ClusterSpec;
import dev.strata.harness.ControlPlaneSpec;
import dev.strata.harness.MissingAssetException;
import dev.strata.harness.OperatorKeeper;
import dev.strata.harness.Tier;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Starts one cluster a JVM and gives each test a story on it. The cluster's audit log holds what
 * the operator reads too; it is left for {@link LeastPrivilegeTest}, which compares the operator's
 * rights with what it did in all JVMs.
 */
final class SharedCluster
    implements ParameterResolver,
        BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        TestExecutionExceptionHandler {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(SharedCluster.class);
  private static final int NODES = 4;
  private static final int LONGEST_NAME = 40;

  /**
   * Ended by JUnit when all tests of the JVM are done.
   *
   * @param keeper starts the operator again that could not renew its lease on a busy machine: all
   *     stories that follow need it
   */
  private record Shared(Cluster cluster, OperatorKeeper keeper, Set<String> classes)
      implements AutoCloseable {
    @Override
    public void close() {
      keeper.close();
      try {
        StoriesTold.keep(classes, cluster);
      } finally {
        cluster.close();
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared(context).classes().add(context.getRequiredTestClass().getSimpleName());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    System.err.println(
        "-- " + context.getRequiredTestClass().getSimpleName() + ": " + context.getDisplayName());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Story.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Story story = new Story(shared(context).cluster(), namespace(context));
    context.getStore(STORE).put("story", story);
    return story;
  }

  private static String namespace(ExtensionContext context) {
    String name =
        context
            .getTestMethod()
            .map(method -> method.getName())
            .orElse(context.getRequiredTestClass().getSimpleName())
            .replaceAll("([a-z])([A-Z])", "$1-$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]", "");
    return name.substring(0, Math.min(LONGEST_NAME, name.length()))
        + "-"
        + UUID.randomUUID().toString().substring(0, 5);
  }

  private static Shared shared(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, STORE)
        .computeIfAbsent("cluster", key -> start(), Shared.class);
  }

  private static Shared start() {
    try {
      Cluster cluster =
          Cluster.start(
              ClusterSpec.standard()
                  .withNodes(NODES)
                  .withChartValues(Map.of("rbac.evictions", "true"))
                  .withControlPlane(
                      ControlPlaneSpec.of(Tier.T2)
                          .withApiServerFlags(
                              "--audit-policy-file="
                                  + Project.root()
                                      .resolve("src/e2e/src/test/resources/audit-policy.yaml"))));
      System.err.println("logs of the cluster: " + cluster.logs());
      return new Shared(
          cluster,
          OperatorKeeper.whenItEndsByItself(cluster.operator()),
          new ConcurrentSkipListSet<>());
    } catch (MissingAssetException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      System.err.println("skipped: " + e.getMessage());
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  /** Adds how the cluster is: where only messages of failures are seen, nobody reads its logs. */
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (failure instanceof TestAbortedException) {
      throw failure;
    }
    String condition;
    try {
      condition = shared(context).cluster().condition();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      throw failure;
    }
    throw new AssertionError(
        Objects.requireNonNullElse(failure.getMessage(), failure.toString()) + "\n" + condition,
        failure);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Story story = context.getStore(STORE).get("story", Story.class);
    boolean failed =
        context
            .getExecutionException()
            .filter(e -> !(e instanceof TestAbortedException))
            .isPresent();
    if (failed) {
      Cluster cluster = shared(context).cluster();
      cluster.controlPlane().keepLogs();
      System.err.println("logs are kept in " + cluster.logs());
      if (story != null) {
        System.err.println(story.picture());
      }
    }
    if (story != null) {
      story.close();
    }
  }
}
