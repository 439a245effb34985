package dev.strata.agent;

import dev.strata.protocol.MessageIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of how this process was started. */
public final class Startup {
  /** Field 22 of proc(5) stat, counted from the one behind the name. */
  private static final int START_FIELD = 19;

  /** USER_HZ is 100 on every Linux. */
  private static final int TICK_MILLIS = 10;

  private final boolean aotCache;
  private final String build;
  private final long ageMillis;
  private final long jvmAgeMillis;
  private final long readAtNanos = System.nanoTime();
  private long sinceReadMillis = -1;
  private @Nullable String process;

  /**
   * @param ageMillis how long ago process and JVM were started
   * @param aotCache whether classes come from the image's ahead-of-time cache
   * @param build id of the image's build, for the log
   */
  public Startup(long ageMillis, boolean aotCache, String build) {
    this(ageMillis, ageMillis, aotCache, build);
  }

  private Startup(long ageMillis, long jvmAgeMillis, boolean aotCache, String build) {
    this.ageMillis = ageMillis;
    this.jvmAgeMillis = jvmAgeMillis;
    this.aotCache = aotCache;
    this.build = build;
  }

  /**
   * Looks at the running process and its files. To be called on the thread of main, which the java
   * launcher starts: its age is the JVM's.
   *
   * @param cache the cache file that the launcher named, or null
   * @param lib the folder of the image's jars, or null
   * @throws BadConfigurationException when the image's jars are not those that it was built from
   */
  public static Startup ofThisProcess(@Nullable String cache, @Nullable String lib, String build) {
    if (lib != null) {
      BuildCheck.check(Path.of(lib));
    }
    boolean inUse = cache != null && mapped(cache);
    // Last, because what comes until the first heartbeat is counted from here.
    return new Startup(age("/proc/self/stat"), age("/proc/thread-self/stat"), inUse, build);
  }

  /**
   * The age of a process or thread by the kernel's clock since boot, in steps of 10 ms.
   * ProcessHandle's start instant is wrong by up to a second, because it adds ticks to a boot time
   * in whole seconds. And a process is as old as its fork: what it was before it became a JVM, such
   * as a container's runtime, is in its age.
   */
  private static long age(String file) {
    try {
      String stat = Files.readString(Path.of(file));
      // The name in field 2 may hold anything but is followed by the last parenthesis.
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
      long startTicks = Long.parseLong(fields.get(START_FIELD));
      String uptime = Files.readString(Path.of("/proc/uptime"));
      double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      return Math.max(0, Math.round(now * 1000) - startTicks * TICK_MILLIS);
    } catch (IOException | RuntimeException e) {
      // No such kernel: the start of the JVM's own code is the best guess left.
      return 0;
    }
  }

  /**
   * Whether the file is mapped into this process: the JVM says nothing when it cannot use a cache,
   * it just unmaps it.
   */
  private static boolean mapped(String cache) {
    try {
      byte[] maps = Files.readAllBytes(Path.of("/proc/self/maps"));
      return new String(maps, StandardCharsets.UTF_8)
          .contains("/" + Path.of(cache).getFileName() + "\n");
    } catch (IOException e) {
      return false;
    }
  }

  /** Random, and made when first told: meanwhile the generator is made ready beside. */
  synchronized String process() {
    if (process == null) {
      process = MessageIds.newTaskId();
    }
    return process;
  }

  /** Process start to first heartbeat, in milliseconds. */
  long millis() {
    return ageMillis + sinceReadMillis();
  }

  /** Start of the JVM to first heartbeat, in milliseconds. */
  long jvmMillis() {
    return jvmAgeMillis + sinceReadMillis();
  }

  /** Until this was first asked, which is at the first heartbeat. */
  private synchronized long sinceReadMillis() {
    if (sinceReadMillis < 0) {
      sinceReadMillis = (System.nanoTime() - readAtNanos) / 1_000_000;
    }
    return sinceReadMillis;
  }

  boolean aotCache() {
    return aotCache;
  }

  void announce(Log log) {
    log.info(
        "first heartbeat after "
            + millis()
            + " ms, the JVM's own "
            + jvmMillis()
            + " ms; aot cache in use: "
            + aotCache
            + ", build id "
            + build);
  }
}
