package dev.strata.agent.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.TestPool;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.AgentEnvironment;
import dev.strata.protocol.Heartbeat;
import dev.strata.protocol.Role;
import dev.strata.protocol.Sealed;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.nats.NatsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built image as a process: its cache, its ends, and its freezing. */
class ImageTest {
  private static final String POD = "pool-x1";
  @TempDir static Path shared;
  private static NatsServer server;

  @TempDir Path folder;
  private TestPool pool;

  @BeforeAll
  static void startServer() throws Exception {
    server = NatsServer.start(shared);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makePool() throws Exception {
    pool = new TestPool(server);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private Map<String, String> environment(AgentConfig.Handler handler) throws Exception {
    return pool.environment(POD, new AgentConfig(handler, 1, 60_000, 1, 10, 40, 5000, 10_000));
  }

  private AgentProcess start(Path image, Map<String, String> environment) throws IOException {
    return AgentProcess.start(image, environment, folder.resolve("agent.log"));
  }

  @Test
  void anAgentStartsWithTheCacheAndEndsWithStatusZero() throws Exception {
    try (AgentProcess agent = start(AgentProcess.image(), environment(TestPool.java("sleep")))) {
      assertThat(pool.awaitHeartbeat(POD, heartbeat -> true).aotCache()).isTrue();
      pool.want(POD, Role.ACTIVE, "pool-0", 1);
      String task = pool.submit("3000");
      pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
      agent.signal("TERM");
      assertThat(agent.exit()).isZero();
      assertThat(pool.result(task).status()).isEqualTo(Status.DONE);
      pool.awaitHeartbeat(POD, Heartbeat::drained);
      assertThat(agent.log()).contains("aot cache in use: true, build id ");
    }
  }

  @Test
  void aHandlerOfTheUserKeepsTheCacheInUse() throws Exception {
    Path jar = folder.resolve("mine.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(zip, "META-INF/services/dev.strata.agent.handler.TaskHandler");
      put(zip, "dev/strata/agent/StubbornHandler.class");
    }
    Map<String, String> environment = environment(TestPool.java("stubborn"));
    environment.put("HANDLERS_PATH", folder.toString());
    try (AgentProcess agent = start(linked(), environment)) {
      assertThat(pool.awaitHeartbeat(POD, heartbeat -> true).aotCache()).isTrue();
      assertThat(agent.process().isAlive()).isTrue();
    }
  }

  private static void put(ZipOutputStream zip, String name) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(Path.of("target", "test-classes").resolve(name), zip);
    zip.closeEntry();
  }

  /** The launcher behind a symbolic link, as on a user's PATH. */
  private Path linked() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("linked/bin"));
    Files.createSymbolicLink(bin.resolve("agent"), AgentProcess.image().resolve("bin/agent"));
    return folder.resolve("linked");
  }

  @Test
  void aChangedJarNeverRunsOldCode() throws Exception {
    Path image = copyOfImage();
    try (AgentProcess agent = start(image, environment(TestPool.java("echo")))) {
      // A copy elsewhere is fine, and the cache is used there too.
      assertThat(pool.awaitHeartbeat(POD, heartbeat -> true).aotCache()).isTrue();
      assertThat(agent.process().isAlive()).isTrue();
    }
    Path jar = image.resolve("lib/strata-agent-image.jar");
    try (OutputStream out = Files.newOutputStream(jar, StandardOpenOption.TRUNCATE_EXISTING);
        var zip = new ZipOutputStream(out)) {
      addClasses(zip);
      zip.putNextEntry(new ZipEntry("changed"));
      zip.closeEntry();
    }
    int before = pool.heartbeats(POD).size();
    try (AgentProcess agent = start(image, environment(TestPool.java("echo")))) {
      assertThat(agent.exit()).isEqualTo(78);
      assertThat(agent.log())
          .contains("strata-agent-image.jar is not the one that this image was built from");
    }
    assertThat(pool.heartbeats(POD)).hasSize(before);
  }

  private static void addClasses(ZipOutputStream zip) throws IOException {
    Path classes = Path.of("target", "classes");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  /** As it is in a container: every file has the same time. */
  private Path copyOfImage() throws IOException {
    Path copy = folder.resolve("image");
    try (Stream<Path> files = Files.walk(AgentProcess.image())) {
      for (Path file : files.toList()) {
        Path to = Files.copy(file, copy.resolve(AgentProcess.image().relativize(file)));
        if (Files.isRegularFile(to)) {
          Files.setLastModifiedTime(to, ImageBuild.THEN);
        }
      }
    }
    return copy;
  }

  @Test
  void theJarsHaveTheTimeThatTheyHaveInAContainer() throws Exception {
    try (Stream<Path> files = Files.list(AgentProcess.image().resolve("lib"))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        assertThat(Files.getLastModifiedTime(jar)).as("%s", jar).isEqualTo(ImageBuild.THEN);
      }
    }
  }

  @Test
  void badConfigurationEndsWith78AndASentence() throws Exception {
    Map<String, String> environment = environment(TestPool.java("magic"));
    try (AgentProcess agent = start(AgentProcess.image(), environment)) {
      assertThat(agent.exit()).isEqualTo(78);
      assertThat(agent.log())
          .contains("strata-agent: handler.java.name \"magic\" is not on the class path")
          .contains("echo, sleep");
    }
    environment = environment(TestPool.java("echo"));
    environment.put(AgentEnvironment.SEAL_KEY, Sealed.newKey());
    try (AgentProcess agent = start(AgentProcess.image(), environment)) {
      assertThat(agent.exit()).isEqualTo(78);
      assertThat(agent.log()).contains("cannot open STRATA_CREDENTIALS of pod " + POD);
    }
    environment.put(AgentEnvironment.NATS_URL, "localhost:4222");
    try (AgentProcess agent = start(AgentProcess.image(), environment)) {
      assertThat(agent.exit()).isEqualTo(78);
      assertThat(agent.log()).contains("STRATA_NATS_URL has \"localhost:4222\"; write nats://");
    }
    assertThat(pool.heartbeats(POD)).isEmpty();
  }

  @Test
  void aThawedAgentStoresNothingUntilItIsConfirmed() throws Exception {
    try (AgentProcess agent = start(AgentProcess.image(), environment(TestPool.java("sleep")))) {
      pool.awaitHeartbeat(POD, heartbeat -> true);
      pool.want(POD, Role.ACTIVE, "pool-0", 1);
      pool.confirmNobody();
      String task = pool.submit("5000");
      pool.awaitHeartbeat(POD, heartbeat -> heartbeat.inFlight() == 1);
      agent.signal("STOP");
      // What was sent while it was frozen must not count as a confirmation.
      pool.want(POD, Role.ACTIVE, "pool-0", 1);
      assertThat(pool.lane().awaitResult(task, Duration.ofSeconds(8))).isEmpty();
      agent.signal("CONT");
      pool.awaitHeartbeat(POD, heartbeat -> heartbeat.suspect());
      assertThat(pool.lane().awaitResult(task, Duration.ofMillis(1500))).isEmpty();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                pool.want(POD, Role.ACTIVE, "pool-0", 1);
                return pool.lane().result(task).isPresent();
              });
      assertThat(pool.result(task).status()).isEqualTo(Status.DONE);
      pool.awaitHeartbeat(POD, heartbeat -> !heartbeat.suspect() && heartbeat.inFlight() == 0);
    }
  }

  @Test
  void whenTheAgentIsKilledItsProgramsEnd() throws Exception {
    Path pid = folder.resolve("pid");
    try (AgentProcess agent =
        start(
            AgentProcess.image(),
            environment(TestPool.exec("sh", "-c", "echo $$ > " + pid + "; sleep 60; true")))) {
      pool.awaitHeartbeat(POD, heartbeat -> true);
      pool.want(POD, Role.ACTIVE, "pool-0", 1);
      pool.submit("x");
      Awaitility.await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
      long child = Long.parseLong(Files.readString(pid).strip());
      assertThat(ProcessHandle.of(child)).isPresent();
      agent.signal("KILL");
      Awaitility.await()
          .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }
  }
}
