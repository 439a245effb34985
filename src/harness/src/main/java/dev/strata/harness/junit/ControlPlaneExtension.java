package dev.strata.harness.junit;

import dev.strata.harness.ControlPlane;
import dev.strata.harness.ControlPlaneSpec;
import dev.strata.harness.ImageTable;
import dev.strata.harness.MissingAssetException;
import dev.strata.harness.Tier;
import dev.strata.harness.node.NodeSettings;
import dev.strata.harness.node.ProcessNode;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Starts what {@link ControlPlaneTest} asks for, once a JVM. A program that is missing fails the
 * test in CI and skips it elsewhere, with the reason printed.
 */
public final class ControlPlaneExtension implements ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ControlPlaneExtension.class);
  private static final int LONGEST_NAME = 40;

  /** Ended by JUnit when all tests of the JVM are done. */
  private record Shared(ControlPlane controlPlane, List<ProcessNode> nodes)
      implements AutoCloseable {
    @Override
    public void close() {
      nodes.forEach(ProcessNode::kill);
      controlPlane.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestNamespace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Shared shared = shared(context);
    String name = namespace(context);
    shared.controlPlane().createNamespace(name);
    return new TestNamespace(name, shared.controlPlane(), shared.nodes());
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
    ControlPlaneTest wanted = context.getRequiredTestClass().getAnnotation(ControlPlaneTest.class);
    if (wanted == null) {
      throw new IllegalStateException(
          context.getRequiredTestClass() + " takes a TestNamespace: annotate it @ControlPlaneTest");
    }
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, STORE)
        .computeIfAbsent(
            wanted.tier() + "/" + wanted.nodes(),
            key -> start(wanted.tier(), wanted.nodes()),
            Shared.class);
  }

  private static Shared start(Tier tier, int nodes) {
    try {
      ControlPlane controlPlane = ControlPlane.start(ControlPlaneSpec.of(tier));
      ImageTable images = new ImageTable();
      return new Shared(
          controlPlane,
          IntStream.rangeClosed(1, nodes)
              .mapToObj(
                  i -> ProcessNode.start(controlPlane, "node-" + i, images, NodeSettings.usual()))
              .toList());
    } catch (MissingAssetException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      System.err.println("skipped: " + e.getMessage());
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      Shared shared = shared(context);
      shared.controlPlane().keepLogs();
      System.err.println("logs of the control plane: " + shared.controlPlane().logs());
    }
  }
}
