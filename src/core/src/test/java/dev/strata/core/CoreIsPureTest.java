package dev.strata.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Core decides and does nothing else: no client, no framework, no I/O, no clock of its own. */
class CoreIsPureTest {
  private final JavaClasses core =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.strata.core");

  @Test
  void coreDependsOnTheJdkAndMathematicsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.strata.core..",
            "java.lang..",
            "java.time..",
            "java.util..",
            "java.math..",
            "java.security..",
            "org.HdrHistogram..",
            "java.nio.charset..",
            "org.apache.commons.numbers..",
            "org.apache.commons.statistics..",
            "org.jspecify..")
        .check(core);
  }

  @Test
  void coreHasNoClockOfItsOwn() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class)
        .check(core);
  }

  @Test
  void coreDoesNoInputOrOutputAndStartsNoThread() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.util.concurrent..")
        .check(core);
  }
}
