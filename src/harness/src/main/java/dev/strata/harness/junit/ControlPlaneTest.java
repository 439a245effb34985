package dev.strata.harness.junit;

import dev.strata.harness.Tier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that needs a Kubernetes. Its methods take a {@link TestNamespace}: a namespace of
 * their own on a control plane that all classes of the JVM with the same tier and number of nodes
 * share.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
public @interface ControlPlaneTest {
  Tier tier() default Tier.T1;

  /** Number of process nodes, in tier T2. Who kills nodes adds nodes of its own. */
  int nodes() default 0;
}
