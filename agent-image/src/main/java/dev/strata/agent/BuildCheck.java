package dev.strata.agent;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Proves that the jars beside us are those that the image was built from. JDK 25.0.3 runs old code
 * from an ahead-of-time cache when a jar was changed under it (JDK-8377932); the check itself may
 * then be old code too, and still it finds the change.
 *
 * <p>A jar's directory lists the CRC of each entry, so its own CRC stands for the whole content at
 * the price of one small read. The file {@code lib/BUILD} has one line a jar, {@code <crc> <name>},
 * and its SHA-256 names the cache file.
 */
public final class BuildCheck {
  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int DIRECTORY_SIZE_AT = 12;
  private static final int DIRECTORY_START_AT = 16;

  private BuildCheck() {}

  /**
   * Compares the jars of a folder with its BUILD file.
   *
   * @throws BadConfigurationException naming the first jar that differs
   */
  public static void check(Path lib) {
    try {
      for (String line : Files.readAllLines(lib.resolve("BUILD"), StandardCharsets.UTF_8)) {
        List<String> parts = List.of(line.split(" ", 2));
        Path jar = lib.resolve(parts.getLast());
        if (!parts.getFirst().equals(fingerprint(jar))) {
          throw new BadConfigurationException(
              jar
                  + " is not the one that this image was built from, and the ahead-of-time cache may"
                  + " hold its old code; build the image again");
        }
      }
    } catch (IOException e) {
      throw new BadConfigurationException(
          "cannot read the image's build list in " + lib + "; build the image again: " + e, e);
    }
  }

  /** The lines of a BUILD file for the jars, in their order. */
  public static String list(List<Path> jars) throws IOException {
    var text = new StringBuilder();
    for (Path jar : jars) {
      text.append(fingerprint(jar)).append(' ').append(jar.getFileName()).append('\n');
    }
    return text.toString();
  }

  private static String fingerprint(Path jar) throws IOException {
    try (var file = new RandomAccessFile(jar.toFile(), "r")) {
      if (file.length() < END_BYTES) {
        return "0";
      }
      byte[] end = new byte[END_BYTES];
      file.seek(file.length() - END_BYTES);
      file.readFully(end);
      var fields = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
      if (fields.getInt(0) != END_SIGNATURE) {
        throw new IOException(jar + " is no jar, or has a comment behind its directory");
      }
      byte[] directory = new byte[fields.getInt(DIRECTORY_SIZE_AT)];
      file.seek(Integer.toUnsignedLong(fields.getInt(DIRECTORY_START_AT)));
      file.readFully(directory);
      var crc = new CRC32C();
      crc.update(directory);
      return Long.toHexString(file.length()) + "-" + Long.toHexString(crc.getValue());
    }
  }
}
