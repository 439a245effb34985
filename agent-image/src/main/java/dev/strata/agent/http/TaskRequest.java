package dev.strata.agent.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.Headers;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A submission as it came over HTTP.
 *
 * @param id the task's id: from the idempotency key, else random
 * @param reference the answer that a correct output equals, or null
 * @param patience how long to wait for the result
 */
record TaskRequest(
    String id, String input, @Nullable String reference, Priority priority, Duration patience) {
  static final int MAX_BODY_BYTES = 1_000_000;
  private static final int MAX_KEY_LENGTH = 200;
  private static final int ID_BYTES = 16;
  private static final long DEFAULT_WAIT_SECONDS = 30;
  private static final long MAX_WAIT_SECONDS = 300;

  /** The request cannot be served; carries the answer. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String sentence;

    Refused(int status, String sentence) {
      super(sentence);
      this.status = status;
      this.sentence = sentence;
    }

    Reply reply() {
      return Reply.error(status, sentence);
    }
  }

  /** Reads headers and body of a POST. */
  static TaskRequest read(String pool, Headers headers, InputStream body)
      throws IOException, Refused {
    checkType(headers.getFirst("Content-Type"));
    String id = id(pool, headers.getFirst("Idempotency-Key"));
    Duration wait = wait(headers.get("Prefer"));
    byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new Refused(
          413, "the body has more than " + MAX_BODY_BYTES + " bytes; send a reference instead");
    }
    Map<?, ?> json = parse(bytes);
    if (!json.containsKey("input")) {
      throw new Refused(400, "the field input is missing; write {\"input\": <text or JSON>}");
    }
    Object reference = json.get("reference");
    return new TaskRequest(
        id,
        text(json.get("input")),
        reference == null ? null : text(reference),
        priority(json),
        wait);
  }

  private static String text(@Nullable Object json) {
    return json instanceof String text ? text : Messages.textOfValue(json);
  }

  private static void checkType(@Nullable String type) throws Refused {
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new Refused(
          415, "content type " + type + " is not read; send Content-Type: application/json");
    }
  }

  private static Map<?, ?> parse(byte[] bytes) throws IOException, Refused {
    try {
      if (Messages.value(bytes) instanceof Map<?, ?> json) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw new Refused(400, "the body is no JSON: " + e.getOriginalMessage());
    }
    throw new Refused(400, "the body is no JSON object; write {\"input\": <text or JSON>}");
  }

  private static Priority priority(Map<?, ?> json) throws Refused {
    Object priority = json.get("priority");
    if (priority == null) {
      return Priority.NORMAL;
    }
    try {
      return Priority.work(priority.toString());
    } catch (IllegalArgumentException e) {
      throw new Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static String id(String pool, @Nullable String key) throws Refused {
    if (key == null) {
      return MessageIds.newTaskId();
    }
    if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
      throw new Refused(
          400, "Idempotency-Key has " + key.length() + " characters; write 1 to " + MAX_KEY_LENGTH);
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((pool + key).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** RFC 7240: wait=N and respond-async, alone or together. */
  private static Duration wait(@Nullable List<String> headers) throws Refused {
    boolean async = false;
    for (String header : headers == null ? List.<String>of() : headers) {
      for (String part : header.split("[,;]", -1)) {
        String preference = part.strip().toLowerCase(Locale.ROOT);
        if (preference.startsWith("wait=")) {
          return seconds(preference.substring("wait=".length()));
        }
        async |= preference.equals("respond-async");
      }
    }
    return async ? Duration.ZERO : Duration.ofSeconds(DEFAULT_WAIT_SECONDS);
  }

  private static Duration seconds(String text) throws Refused {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0) {
        return Duration.ofSeconds(Math.min(seconds, MAX_WAIT_SECONDS));
      }
    } catch (NumberFormatException e) {
      // Falls through to the sentence below.
    }
    throw new Refused(
        400, "Prefer: wait=" + text + " is no number of seconds; write 0 to " + MAX_WAIT_SECONDS);
  }
}
