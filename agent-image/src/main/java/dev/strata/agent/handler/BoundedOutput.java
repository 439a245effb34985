package dev.strata.agent.handler;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads outputs of unknown length up to a limit. */
final class BoundedOutput {
  private BoundedOutput() {}

  /** The whole stream as text. */
  static String all(InputStream in, int limit) throws IOException, HandlerFailure {
    byte[] bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw HandlerFailure.tooLarge(limit);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** One line without its line feed; null at the end of the stream. */
  static @org.jspecify.annotations.Nullable String line(InputStream in, int limit)
      throws IOException, HandlerFailure {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
      }
      if (line.size() >= limit) {
        throw HandlerFailure.tooLarge(limit);
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
