package dev.strata.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {
  @TempDir Path temporary;

  private String made(String run, Instant time, String content) throws Exception {
    Path folder = Files.createDirectories(temporary.resolve(run).resolve("files"));
    for (String name : List.of("b", "a", "c/d")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content + name);
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    return new Image("strata/test:1")
        .folder("files", folder, "/opt/test")
        .program("program", folder.resolve("a"), "/bin/a")
        .write(
            temporary.resolve(run).resolve("image.tar"),
            List.of("/bin/a"),
            Map.of("HOME", "/"),
            temporary.resolve(run).resolve("cache"));
  }

  @Test
  void sameFilesOfAnotherTimeGiveTheSameDigest() throws Exception {
    String first = made("first", Instant.parse("2026-01-01T00:00:00Z"), "x");
    String second = made("second", Instant.parse("2026-02-02T02:02:02Z"), "x");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void anotherFileGivesAnotherDigest() throws Exception {
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(made("first", time, "x")).isNotEqualTo(made("second", time, "y"));
  }

  @Test
  void libraryThatIsNotThereIsNamed() throws IOException {
    Path runtime = Files.createDirectories(temporary.resolve("runtime/lib")).getParent();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> CLibrary.of(runtime))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ldd names no library");
  }
}
