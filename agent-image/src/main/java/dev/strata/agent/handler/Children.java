package dev.strata.agent.handler;

import dev.strata.protocol.AgentEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts programs of users: in a session of their own, without our variables, never left behind.
 */
final class Children implements AutoCloseable {
  private final Map<String, String> environment;
  private final int maxOutputBytes;
  private final boolean sessions;
  private final OrphanGuard guard;

  Children(Map<String, String> environment, int maxOutputBytes) {
    this.environment = new HashMap<>(environment);
    this.environment.keySet().removeIf(name -> name.startsWith(AgentEnvironment.PREFIX));
    this.maxOutputBytes = maxOutputBytes;
    this.sessions =
        Files.isExecutable(Path.of("/usr/bin/setsid"))
            || Files.isExecutable(Path.of("/bin/setsid"));
    this.guard = new OrphanGuard(sessions);
  }

  int maxOutputBytes() {
    return maxOutputBytes;
  }

  /** Starts a program with further variables. */
  Child start(List<String> command, Map<String, String> more) throws HandlerFailure {
    var whole = new ArrayList<String>(command.size() + 1);
    if (sessions) {
      whole.add("setsid");
    }
    whole.addAll(command);
    var builder = new ProcessBuilder(whole);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    guard.ready();
    try {
      return new Child(builder.start(), guard);
    } catch (IOException e) {
      throw new HandlerFailure(
          "CannotStart", command.getFirst() + ": " + HandlerFailure.firstLine(e.toString()));
    }
  }

  @Override
  public void close() {
    guard.close();
  }
}
