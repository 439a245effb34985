package dev.strata.agent.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.strata.protocol.AgentConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs and endpoints as handlers. */
class ProgramsTest {
  private static final int LIMIT = 5000;

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private TaskHandler handler(AgentConfig.Handler handler, Map<String, String> more) {
    var environment = new java.util.HashMap<>(Map.of("PATH", System.getenv("PATH")));
    environment.putAll(more);
    var config = new AgentConfig(handler, 2, 1000, 1, 1, 1, 1000, LIMIT);
    TaskHandler found = new Handlers(environment, config).find("key-1");
    if (found instanceof AutoCloseable closeable) {
      opened.add(closeable);
    }
    return found;
  }

  private TaskHandler exec(boolean jsonLines, String... command) {
    return handler(
        new AgentConfig.Handler(
            null, new AgentConfig.Exec(List.of(command), jsonLines), null, null),
        Map.of("STRATA_SEAL_KEY", "secret", "COLOUR", "blue"));
  }

  private static TaskInput input(String text) {
    return new TaskInput("0".repeat(32), text, 2, "pool-0", 1, "pod-1");
  }

  @Test
  void aProgramReadsStdinAndWritesStdout() throws Exception {
    assertThat(exec(false, "cat").handle(input("héllo"))).isEqualTo("héllo");
    String large = "x".repeat(4000);
    assertThat(exec(false, "cat").handle(input(large))).isEqualTo(large);
  }

  @Test
  void aProgramSeesTheEnvironmentButNotOurs() throws Exception {
    String environment = exec(false, "env").handle(input(""));
    assertThat(environment)
        .contains("COLOUR=blue", "TASK_ID=" + "0".repeat(32), "TASK_ATTEMPT=2")
        .doesNotContain("STRATA_");
  }

  @Test
  void aProgramThatFailsIsQuoted() {
    var handler = exec(false, "sh", "-c", "echo one >&2; echo two >&2; exit 7");
    assertThatThrownBy(() -> handler.handle(input("x"))).hasMessage("ExitStatus: 7: two");
    var killed = exec(false, "sh", "-c", "kill -9 $$");
    assertThatThrownBy(() -> killed.handle(input("x"))).hasMessage("ExitStatus: 137");
  }

  @Test
  void tooMuchOutputEndsTheProgram() {
    var handler = exec(false, "sh", "-c", "yes");
    assertThatThrownBy(() -> handler.handle(input("x")))
        .hasMessageStartingWith("OutputTooLarge: the handler gave more than 5000 bytes");
  }

  @Test
  void aProgramThatDoesNotReadIsNoProblem() throws Exception {
    assertThat(exec(false, "echo", "done").handle(input("x".repeat(500_000)))).isEqualTo("done\n");
  }

  @Test
  void whatAProgramLeavesBehindIsEnded() throws Exception {
    Path pid = folder.resolve("pid");
    var handler =
        exec(false, "sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $! > " + pid + "; echo out");
    assertThat(handler.handle(input("x"))).isEqualTo("out\n");
    assertEnded(pid);
  }

  @Test
  void anInterruptEndsTheTree() throws Exception {
    Path pid = folder.resolve("pid");
    var handler = exec(false, "sh", "-c", "sleep 60 & echo $! > " + pid + "; wait");
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    handler.handle(input("x"));
                  } catch (Exception e) {
                    // The interrupt.
                  }
                });
    Awaitility.await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(3))).isTrue();
    assertEnded(pid);
  }

  private static void assertEnded(Path pid) throws Exception {
    long id = Long.parseLong(Files.readString(pid).strip());
    Awaitility.await().until(() -> ProcessHandle.of(id).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void oneProcessAnswersManyLines() throws Exception {
    Path script = folder.resolve("lines.sh");
    Files.writeString(
        script,
        """
        n=0
        while read -r line; do
          n=$((n + 1))
          id=$(printf '%s' "$line" | sed 's/.*"id":"\\([0-9a-f]*\\)".*/\\1/')
          case $line in
            *fail*) echo "{\\"id\\":\\"$id\\",\\"error\\":\\"as asked\\"}" ;;
            *crash*) echo crashing >&2; exit 9 ;;
            *nonsense*) echo what ;;
            *) echo "{\\"id\\":\\"$id\\",\\"output\\":{\\"n\\":$n}}" ;;
          esac
        done
        """);
    var handler = exec(true, "sh", script.toString());
    assertThat(handler.handle(input("a"))).isEqualTo("{\"n\":1}");
    assertThatThrownBy(() -> handler.handle(input("fail"))).hasMessage("HandlerError: as asked");
    assertThat(handler.handle(input("b"))).isEqualTo("{\"n\":3}");
    assertThatThrownBy(() -> handler.handle(input("crash"))).hasMessage("ExitStatus: 9: crashing");
    assertThat(handler.handle(input("c"))).isEqualTo("{\"n\":1}");
    assertThatThrownBy(() -> handler.handle(input("nonsense")))
        .hasMessageStartingWith("BadAnswer: the program wrote \"what\"");
    assertThat(handler.handle(input("d"))).isEqualTo("{\"n\":1}");
  }

  @Test
  void anEndpointGetsTheInput() throws Exception {
    HttpServer server = endpoint();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    var http =
        handler(
            new AgentConfig.Handler(null, null, new AgentConfig.Http(url + "/echo"), null),
            Map.of());
    assertThat(http.handle(input("hello"))).isEqualTo("hello");
    var failing =
        handler(
            new AgentConfig.Handler(null, null, new AgentConfig.Http(url + "/no"), null), Map.of());
    assertThatThrownBy(() -> failing.handle(input("x")))
        .hasMessage(
            "HttpStatus: 404 from 127.0.0.1: <h1>404 Not Found</h1>No context found for"
                + " request");
    var chat =
        handler(
            new AgentConfig.Handler(
                null, null, null, new AgentConfig.OpenAi(url + "/v1", "m-1", "be brief")),
            Map.of());
    assertThat(chat.handle(input("hi")))
        .isEqualTo(
            "Bearer key-1 {\"model\":\"m-1\",\"messages\":[{\"role\":\"system\",\"content\":\"be"
                + " brief\"},{\"role\":\"user\",\"content\":\"hi\"}]}");
  }

  private HttpServer endpoint() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/echo",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          String said =
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var mapper = dev.strata.protocol.Messages.mapper();
          var answer = mapper.createObjectNode();
          answer.putArray("choices").addObject().putObject("message").put("content", said);
          byte[] body = mapper.writeValueAsBytes(answer);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    opened.add(() -> server.stop(0));
    return server;
  }

  @Test
  void whatCannotWorkIsRefusedAtTheStart() {
    assertThatThrownBy(() -> exec(false, "no-such-program"))
        .hasMessageContaining("the program \"no-such-program\" is not on the PATH");
    assertThatThrownBy(() -> exec(false, "/etc/passwd"))
        .hasMessageContaining("\"/etc/passwd\" is no executable file");
    assertThatThrownBy(
            () ->
                handler(
                    new AgentConfig.Handler(new AgentConfig.Java("magic"), null, null, null),
                    Map.of()))
        .hasMessageContaining(
            "handler.java.name \"magic\" is not on the class path, which has echo")
        .hasMessageContaining("sleep");
    assertThatThrownBy(
            () ->
                handler(
                    new AgentConfig.Handler(null, null, new AgentConfig.Http("ftp://x"), null),
                    Map.of()))
        .hasMessageContaining("handler.http.url \"ftp://x\" is no URL");
    assertThatThrownBy(() -> handler(new AgentConfig.Handler(null, null, null, null), Map.of()))
        .hasMessageContaining("set one of java, exec, http and openai");
  }
}
