package dev.strata.agent.http;

import dev.strata.protocol.Messages;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status HTTP status
 * @param headers beside the content type
 * @param type content type
 */
record Reply(int status, Map<String, String> headers, String type, String body) {
  private static final String JSON = "application/json";

  /** An object as JSON. */
  static Reply json(int status, Object body) {
    return new Reply(status, Map.of(), JSON, Messages.text(body));
  }

  static Reply error(int status, String sentence) {
    return json(status, Map.of("error", sentence));
  }

  static Reply text(int status, String text) {
    return new Reply(status, Map.of(), "text/plain; charset=utf-8", text);
  }

  Reply with(Map<String, String> more) {
    return new Reply(status, more, type, body);
  }
}
