package dev.strata.agent;

import dev.strata.protocol.MessageIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of how this process was started. */
public final class Startup {
  private final String process = MessageIds.newTaskId();
  private final Instant start;
  private final boolean aotCache;
  private final String build;
  private volatile long millis = -1;

  /**
   * @param start when the process was started
   * @param aotCache whether classes come from the image's ahead-of-time cache
   * @param build id of the image's build, for the log
   */
  public Startup(Instant start, boolean aotCache, String build) {
    this.start = start;
    this.aotCache = aotCache;
    this.build = build;
  }

  /**
   * Looks at the running process.
   *
   * @param cache the cache file that the launcher named, or null
   */
  public static Startup ofThisProcess(@Nullable String cache, String build) {
    Instant start = ProcessHandle.current().info().startInstant().orElse(Instant.now());
    return new Startup(start, cache != null && mapped(cache), build);
  }

  /**
   * Whether the file is mapped into this process: the JVM says nothing when it cannot use a cache,
   * it just unmaps it.
   */
  private static boolean mapped(String cache) {
    String name = String.valueOf(Path.of(cache).getFileName());
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.endsWith(name));
    } catch (IOException e) {
      return false;
    }
  }

  String process() {
    return process;
  }

  /** Process start to first heartbeat, in milliseconds. */
  long millis() {
    if (millis < 0) {
      millis = Math.max(0, Duration.between(start, Instant.now()).toMillis());
    }
    return millis;
  }

  boolean aotCache() {
    return aotCache;
  }

  void announce(Log log) {
    log.info(
        "first heartbeat after "
            + millis()
            + " ms; aot cache in use: "
            + aotCache
            + ", build id "
            + build);
  }
}
