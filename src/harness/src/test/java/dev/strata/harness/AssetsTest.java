package dev.strata.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetsTest {
  @TempDir Path temporary;
  private Path folder;
  private Path given;

  @BeforeEach
  void folders() throws IOException {
    folder = temporary.resolve("assets");
    given = Files.createDirectories(temporary.resolve("given"));
  }

  private static void program(Path file, String version) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\necho etcd Version: " + version + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void aProgramOfTheRightVersionIsCopied() throws IOException {
    program(given.resolve("etcd"), Binary.ETCD.version());
    new Assets(folder, given).require(List.of("etcd"));
    assertThat(folder.resolve("etcd")).isExecutable();
    assertThat(folder.resolve("etcd.version")).isRegularFile();
  }

  @Test
  void aProgramOfAnotherVersionIsReplaced() throws IOException {
    program(folder.resolve("etcd"), "3.1.0");
    program(given.resolve("etcd"), Binary.ETCD.version());
    new Assets(folder, given).require(List.of("etcd"));
    assertThat(folder.resolve("etcd")).content().contains(Binary.ETCD.version());
  }

  @Test
  void aProgramThatIsThereIsLeftAlone() throws IOException {
    program(folder.resolve("etcd"), Binary.ETCD.version());
    assertThat(new Assets(folder, null).require(List.of("etcd"))).isEqualTo(folder);
    assertThat(VersionCall.matches(folder.resolve("etcd"), Binary.NATS_SERVER)).isFalse();
  }
}
