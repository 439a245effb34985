package dev.strata.harness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A Java program that stays after the command that started it: it writes what its user has to know
 * once it is of use, and ends on SIGTERM. Its process id, log and words are in a folder.
 */
public final class Background {
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

  private final Path folder;
  private final Class<?> main;
  private final String argument;
  private final Duration startLimit;

  /**
   * @param folder where it is found again
   * @param main the program, started with the JVM options of this one
   * @param argument its argument
   * @param startLimit how long it may take until it is of use
   */
  public Background(Path folder, Class<?> main, String argument, Duration startLimit) {
    this.folder = folder;
    this.main = main;
    this.argument = argument;
    this.startLimit = startLimit;
  }

  /** For the program itself: says that it is of use and waits for its end. */
  public static void serve(Path folder, String words) throws IOException, InterruptedException {
    Path whole = folder.resolve("ready.new");
    Files.writeString(whole, words);
    Files.move(whole, folder.resolve("ready"));
    new CountDownLatch(1).await(); // SIGTERM ends the JVM
  }

  /**
   * Starts it unless it runs, shows its log meanwhile, and prints its words.
   *
   * @return false when it does not start
   */
  public boolean start() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    if (isRunning()) {
      System.out.print(words());
      return true;
    }
    Path log = folder.resolve("log");
    Files.deleteIfExists(folder.resolve("ready"));
    Files.deleteIfExists(log);
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("-"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Files.writeString(folder.resolve("pid"), Long.toString(process.pid()));
    return follow(process, log);
  }

  private boolean follow(Process process, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + startLimit.toNanos();
    int shown = 0;
    while (System.nanoTime() < end) {
      boolean alive = process.isAlive();
      boolean ready = Files.exists(folder.resolve("ready"));
      String text = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
      System.out.print(text.substring(Math.min(shown, text.length())));
      System.out.flush();
      shown = text.length();
      if (ready) {
        System.out.print(words());
        return true;
      }
      if (!alive) {
        System.err.println("it did not start; see " + log);
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    process.destroyForcibly();
    System.err.println("it did not start within " + startLimit.toMinutes() + " minutes");
    return false;
  }

  /** What it wrote when it was of use. */
  public String words() throws IOException {
    return Files.readString(folder.resolve("ready"));
  }

  /** Whether it runs and is of use. */
  public boolean isRunning() throws IOException {
    return process().isPresent() && Files.exists(folder.resolve("ready"));
  }

  /**
   * Ends it.
   *
   * @return false when it did not run
   */
  public boolean stop() throws IOException, InterruptedException {
    Optional<ProcessHandle> process = process();
    if (process.isEmpty()) {
      return false;
    }
    process.get().destroy();
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    while (process.get().isAlive()) {
      if (System.nanoTime() > end) {
        process.get().destroyForcibly(); // its reaper ends the rest
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    Files.deleteIfExists(folder.resolve("pid"));
    Files.deleteIfExists(folder.resolve("ready"));
    return true;
  }

  /** The process, if the recorded id is still ours. */
  private Optional<ProcessHandle> process() throws IOException {
    Path file = folder.resolve("pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long pid = Long.parseLong(Files.readString(file).strip());
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
  }

  /** The JDK cuts a command line off at one page, and a class path is longer. */
  private boolean isOurs(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .contains(main.getName() + "\0" + argument);
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }
}
