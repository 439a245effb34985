package dev.strata.agent.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.strata.protocol.Messages;

/** Whether two outputs say the same: JSON by value, other text but for white space around it. */
final class Sameness {
  private final ObjectReader json =
      Messages.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  boolean between(String one, String other) {
    return one.strip().equals(other.strip()) || sameJson(one, other);
  }

  private boolean sameJson(String one, String other) {
    if (!structured(one) || !structured(other)) {
      return false;
    }
    try {
      return json.readTree(one).equals(json.readTree(other));
    } catch (JsonProcessingException | StackOverflowError e) {
      // No JSON, or nested too deep to be compared.
      return false;
    }
  }

  /** What else there is in JSON is the same only where its text is. */
  private static boolean structured(String text) {
    String stripped = text.strip();
    return stripped.startsWith("{") || stripped.startsWith("[");
  }
}
