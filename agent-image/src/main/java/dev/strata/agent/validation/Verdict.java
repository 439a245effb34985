package dev.strata.agent.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.strata.protocol.Messages;
import java.util.Locale;

/** What the output of a verifier pool says: true, false, or a JSON object with a field correct. */
final class Verdict {
  private static final Judgement INCORRECT =
      new Judgement.Incorrect("the verifier pool says that the output is not correct");

  private final ObjectReader json =
      Messages.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The judgement; one that cannot be read is none. */
  Judgement of(String output) {
    // Many languages write the words in capitals.
    return switch (output.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> new Judgement.Correct();
      case "false" -> INCORRECT;
      default -> ofObject(output);
    };
  }

  private Judgement ofObject(String output) {
    try {
      JsonNode correct = json.readTree(output).path("correct");
      if (!correct.isBoolean()) {
        return new Judgement.NotJudged();
      }
      return correct.booleanValue() ? new Judgement.Correct() : INCORRECT;
    } catch (JsonProcessingException | StackOverflowError e) {
      return new Judgement.NotJudged();
    }
  }
}
