package dev.strata.harness;

import java.util.Arrays;

/** Fills the folder of programs, so that builds, tests and demos find them there. */
public final class AssetsMain {
  private AssetsMain() {}

  /**
   * The command line: no arguments. Exit status 1 and one sentence when something cannot be had.
   */
  public static void main(String[] arguments) {
    try {
      Assets.standard().require(Arrays.stream(Binary.values()).map(Binary::program).toList());
    } catch (MissingAssetException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
