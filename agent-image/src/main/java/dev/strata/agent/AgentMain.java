package dev.strata.agent;

import dev.strata.agent.handler.Handlers;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.nats.NatsConnection;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Future;

/** The agent's process: see {@link dev.strata.protocol.AgentEnvironment} for what it is told. */
public final class AgentMain {
  /** Set by the launcher: the image's lib folder, the cache file, and the build's id. */
  private static final String LIB = "strata.lib";

  private static final String CACHE = "strata.cache";
  private static final String BUILD = "strata.build";

  private AgentMain() {}

  /** Runs until SIGTERM, or until the agent is fenced. */
  @SuppressWarnings("SystemOut") // one sentence on stderr is what a container's log is for
  public static void main(String[] arguments) throws InterruptedException {
    int status;
    try {
      status = run(System.getenv(), new Log(System.err, Clock.systemUTC()));
    } catch (BadConfigurationException e) {
      System.err.println("strata-agent: " + e.getMessage());
      status = BadConfigurationException.EXIT_STATUS;
    } catch (TransportException | UncheckedIOException e) {
      System.err.println("strata-agent: " + e.getMessage());
      status = 1;
    }
    System.exit(status);
  }

  private static int run(Map<String, String> environment, Log log) throws InterruptedException {
    // First, because it has the longest way to go beside the others.
    AgentSettings.Link link = AgentSettings.Link.read(environment);
    Future<NatsConnection> connection = Agent.connect(link, log);
    AgentSettings settings = AgentSettings.read(environment, link);
    Startup startup =
        Startup.ofThisProcess(
            System.getProperty(CACHE), System.getProperty(LIB), System.getProperty(BUILD, "none"));
    TaskHandler handler = handler(environment, settings);
    return Agent.start(settings, handler, startup, log, connection, AgentMain::endWithProcess)
        .awaitEnd();
  }

  private static void endWithProcess(Agent agent) {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> terminate(agent)));
  }

  private static TaskHandler handler(Map<String, String> environment, AgentSettings settings) {
    try {
      return new Handlers(environment, settings.config()).find(settings.openAiKey());
    } catch (IllegalArgumentException e) {
      throw new BadConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /** SIGTERM is the usual end and no failure, so the JVM's status 143 is not wanted. */
  private static void terminate(Agent agent) {
    if (!agent.ended()) {
      agent.close();
      Runtime.getRuntime().halt(0);
    }
    agent.close();
  }
}
