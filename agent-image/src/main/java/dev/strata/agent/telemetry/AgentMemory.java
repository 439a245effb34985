package dev.strata.agent.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The working set in bytes: what the container's control group uses less what it can give back at
 * once (inactive file pages). A process that has no control group of its own has its resident set.
 */
final class AgentMemory {
  private static final String SIGNAL = "agent-memory";
  private static final Path CGROUP2 = Path.of("/sys/fs/cgroup");
  private static final Path CGROUP1 = Path.of("/sys/fs/cgroup/memory");
  private static final long PAGE_BYTES = 4096;

  private final Optional<Source> source;

  /** Where usage and the part that can be given back stand. */
  private record Source(Path usage, Path stat, String inactive) {}

  private AgentMemory(Optional<Source> source) {
    this.source = source;
  }

  static AgentMemory ofThisProcess() {
    var second =
        new Source(
            CGROUP2.resolve("memory.current"), CGROUP2.resolve("memory.stat"), "inactive_file ");
    var first =
        new Source(
            CGROUP1.resolve("memory.usage_in_bytes"),
            CGROUP1.resolve("memory.stat"),
            "total_inactive_file ");
    if (Files.isReadable(second.usage()) && ours(CGROUP2)) {
      return new AgentMemory(Optional.of(second));
    }
    return Files.isReadable(first.usage()) && ours(CGROUP1)
        ? new AgentMemory(Optional.of(first))
        : new AgentMemory(Optional.empty());
  }

  /** Whether no process is in the group but this one, those that started it and its own. */
  private static boolean ours(Path group) {
    try {
      List<String> processes = Files.readAllLines(group.resolve("cgroup.procs"));
      return !processes.isEmpty()
          && processes.stream().mapToLong(Long::parseLong).allMatch(AgentMemory::related);
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static boolean related(long pid) {
    long self = ProcessHandle.current().pid();
    return pid == self
        || descends(ProcessHandle.of(pid), self)
        || descends(Optional.of(ProcessHandle.current()), pid);
  }

  private static boolean descends(Optional<ProcessHandle> process, long ancestor) {
    var parent = process.flatMap(ProcessHandle::parent);
    while (parent.isPresent()) {
      if (parent.get().pid() == ancestor) {
        return true;
      }
      parent = parent.get().parent();
    }
    return false;
  }

  void read(Readings readings) {
    try {
      long bytes = source.isPresent() ? workingSet(source.get()) : resident();
      if (bytes > 0) {
        readings.gauge(SIGNAL, (double) bytes);
      } else {
        readings.fault(SIGNAL, "SourceError");
      }
    } catch (IOException | NumberFormatException e) {
      readings.fault(SIGNAL, "SourceError");
    }
  }

  private static long workingSet(Source source) throws IOException {
    long usage = Long.parseLong(Files.readString(source.usage()).strip());
    for (String line : Files.readAllLines(source.stat())) {
      if (line.startsWith(source.inactive())) {
        return Math.max(0, usage - Long.parseLong(line.substring(source.inactive().length())));
      }
    }
    return usage;
  }

  /** Field 2 of proc(5) statm, in pages. */
  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 3)[1])
        * PAGE_BYTES;
  }
}
