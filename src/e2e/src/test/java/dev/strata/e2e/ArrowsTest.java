package dev.strata.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which module may know which: the arrows run one way. */
final class ArrowsTest {
  private static final Map<String, String> MODULES =
      Map.of(
          "api", "src/api",
          "core", "src/core",
          "protocol", "src/protocol",
          "agent", "agent-image",
          "operator", "operator",
          "harness", "src/harness");

  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "api", Set.of(),
          "core", Set.of(),
          "protocol", Set.of(),
          "agent", Set.of("protocol"),
          "operator", Set.of("api", "core", "protocol"),
          "harness", Set.of("api", "protocol"));

  static List<String> modules() {
    return new ArrayList<>(new TreeSet<>(MODULES.keySet()));
  }

  private static JavaClasses classes(String module) {
    JavaClasses classes =
        new ClassFileImporter()
            .importPath(Project.root().resolve(MODULES.get(module)).resolve("target/classes"));
    assertThat(classes)
        .as("classes of %s; build it first: mvn -pl %s package", module, MODULES.get(module))
        .isNotEmpty();
    return classes;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void moduleKnowsOnlyWhatItMay(String module) {
    Set<String> allowed = ARROWS.get(module);
    String[] forbidden =
        MODULES.keySet().stream()
            .filter(other -> !other.equals(module) && !allowed.contains(other))
            .map(other -> "dev.strata." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .because("arrows run one way: " + module + " -> " + new TreeSet<>(allowed))
        .check(classes(module));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void modulesStayInTheirOwnPackages(String module) {
    classes(module).forEach(c -> assertThat(c.getPackageName()).startsWith("dev.strata." + module));
  }

  @Test
  void whatRunsOnNodesIsPlainJdk() {
    for (String module : List.of("agent", "protocol", "core")) {
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "io.fabric8..", "io.javaoperatorsdk..", "jakarta..")
          .because("agents start in a fifth of a second and core decides without a cluster")
          .check(classes(module));
    }
  }
}
