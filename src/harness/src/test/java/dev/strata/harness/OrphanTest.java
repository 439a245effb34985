package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {
  @TempDir Path folder;

  @Test
  void whenTheJvmIsKilledNothingIsLeft() throws IOException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OrphanMain.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Path address = folder.resolve("address");
    Awaitility.await("the pod of the other JVM")
        .atMost(Duration.ofMinutes(4))
        .failFast(() -> assertThat(process.isAlive()).as(() -> text(output)).isTrue())
        .until(() -> Files.exists(address) && Files.size(address) > 0);
    List<Long> children = children();
    assertThat(children).hasSizeGreaterThanOrEqualTo(6);
    String pod = Files.readString(address);
    assertThat(bindable(pod)).isEqualTo(!pod.startsWith("127."));

    process.destroyForcibly();

    Awaitility.await("all children are gone")
        .atMost(Duration.ofSeconds(10))
        .until(() -> children.stream().noneMatch(OrphanTest::alive));
    Awaitility.await("the data folder is gone")
        .atMost(Duration.ofSeconds(10))
        .until(() -> folders("data").isEmpty());
    assertThat(bindable(pod)).as("the route of " + pod + " is still there").isFalse();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<Path> folders(String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder, 2)) {
      return all.filter(file -> file.getFileName().toString().equals(name)).toList();
    }
  }

  private List<Long> children() throws IOException {
    File[] records = folders("data").getFirst().resolve("reaper/processes").toFile().listFiles();
    return Stream.of(records).map(file -> Long.parseLong(file.getName())).toList();
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static boolean bindable(String address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
      return !address.startsWith("127.");
    } catch (java.net.BindException e) {
      return false;
    }
  }
}
