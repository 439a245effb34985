package dev.strata.agent.handler;

import dev.strata.protocol.AgentConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the handler that a configuration asks for, and checks that it can work. */
public final class Handlers {
  private final Map<String, String> environment;
  private final AgentConfig config;

  /**
   * @param environment of the agent's process
   */
  public Handlers(Map<String, String> environment, AgentConfig config) {
    this.environment = environment;
    this.config = config;
  }

  /**
   * The configured handler.
   *
   * @param openAiKey API key of an openai handler, else null
   * @throws IllegalArgumentException with a sentence when there is no such thing
   */
  public TaskHandler find(@Nullable String openAiKey) {
    AgentConfig.Handler handler = config.handler();
    if (handler.java() != null) {
      return named(handler.java().name());
    }
    if (handler.exec() != null) {
      return exec(handler.exec());
    }
    if (handler.http() != null) {
      URI url = url("handler.http.url", handler.http().url());
      return new HttpHandler(url, config.maxOutputBytes());
    }
    if (handler.openai() != null) {
      URI base = url("handler.openai.baseUrl", handler.openai().baseUrl());
      return new OpenAiHandler(base, handler.openai(), openAiKey, config.maxOutputBytes());
    }
    throw new IllegalArgumentException(
        "the configuration names no handler; set one of java, exec, http and openai");
  }

  /** Those of the image by their names: a search looks into every jar of the class path. */
  private static TaskHandler named(String name) {
    return switch (name) {
      case EchoHandler.NAME -> new EchoHandler();
      case SleepHandler.NAME -> new SleepHandler();
      default -> found(name);
    };
  }

  private static TaskHandler found(String name) {
    var known = new TreeMap<String, TaskHandler>();
    for (TaskHandler handler : ServiceLoader.load(TaskHandler.class)) {
      known.put(handler.name(), handler);
    }
    TaskHandler handler = known.get(name);
    if (handler == null) {
      throw new IllegalArgumentException(
          "handler.java.name \""
              + name
              + "\" is not on the class path, which has "
              + String.join(", ", known.keySet())
              + "; put its jar into the image's handlers folder or into a folder of HANDLERS_PATH");
    }
    return handler;
  }

  private TaskHandler exec(AgentConfig.Exec exec) {
    List<String> command = exec.command();
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new IllegalArgumentException(
          "handler.exec.command is empty; write the program and its arguments");
    }
    String program = command.getFirst();
    if (!executable(program)) {
      throw new IllegalArgumentException(
          "handler.exec.command: the program \""
              + program
              + "\" "
              + (program.contains("/") ? "is no executable file" : "is not on the PATH")
              + "; put it into the image or mount it, and make it executable");
    }
    var children = new Children(environment, config.maxOutputBytes());
    return exec.jsonLines()
        ? new JsonLinesHandler(command, children, config.callsAtATime())
        : new ExecHandler(command, children);
  }

  private boolean executable(String program) {
    if (program.contains("/")) {
      Path path = Path.of(program);
      return Files.isExecutable(path) && Files.isRegularFile(path);
    }
    for (String folder : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      Path path = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(path) && Files.isRegularFile(path)) {
        return true;
      }
    }
    return false;
  }

  private static URI url(String field, String text) {
    try {
      URI url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the sentence below.
    }
    throw new IllegalArgumentException(
        field + " \"" + text + "\" is no URL; write http://HOST:PORT/PATH or https://...");
  }
}
