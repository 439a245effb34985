package dev.strata.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Asks a program for its version. */
final class VersionCall {
  private VersionCall() {}

  /** True when it runs and says the wanted version. */
  static boolean matches(Path file, Binary binary) {
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(binary.versionArguments());
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(30, TimeUnit.SECONDS)
          && Pattern.compile("\\bv?" + Pattern.quote(binary.version()) + "\\b")
              .matcher(said)
              .find();
    } catch (IOException e) {
      return false; // not a program of this machine
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
