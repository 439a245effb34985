package dev.strata.harness;

import java.util.Arrays;
import java.util.List;

/** Fills the folder of programs, so that builds, tests and demos find them there. */
public final class AssetsMain {
  private AssetsMain() {}

  /**
   * The command line: nothing, or {@code kind} for those of a Kind cluster too. Exit status 1 and
   * one sentence when something cannot be had.
   */
  public static void main(String[] arguments) {
    boolean kind = List.of(arguments).contains("kind");
    try {
      Assets.standard()
          .require(
              Arrays.stream(Binary.values())
                  .filter(binary -> kind || !binary.onlyForKind())
                  .map(Binary::program)
                  .toList());
    } catch (MissingAssetException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
