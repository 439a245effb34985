package dev.strata.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A handler of a user's own: a source file, compiled against the agent's image, in a jar. */
final class HandlerJar {
  private static final Path SOURCES = Project.root().resolve("src/e2e/src/test/resources/handlers");
  private static final Path AGENT =
      Project.root().resolve("agent-image/target/image/lib/strata-agent-image.jar");
  private static final String SERVICE = "META-INF/services/dev.strata.agent.handler.TaskHandler";

  private HandlerJar() {}

  /**
   * @param handler name of its class, which is in no package
   */
  static Path of(String handler, Path folder) {
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                AGENT.toString(),
                "-d",
                folder.toString(),
                SOURCES.resolve(handler + ".java").toString());
    assertThat(status).as("compiles %s", handler).isZero();
    Path jar = folder.resolve(handler + ".jar");
    String file = handler + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(file));
      Files.copy(folder.resolve(file), out);
      out.putNextEntry(new JarEntry(SERVICE));
      out.write(handler.getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }
}
