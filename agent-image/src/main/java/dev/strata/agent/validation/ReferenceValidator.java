package dev.strata.agent.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.strata.protocol.Messages;
import org.jspecify.annotations.Nullable;

/** The output equals the reference answer that came with the task. */
final class ReferenceValidator implements Validator {
  private final ObjectReader json =
      Messages.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Override
  public Judgement judge(String output, @Nullable String reference) {
    if (reference == null) {
      return new Judgement.NotJudged();
    }
    return output.strip().equals(reference.strip()) || sameJson(output, reference)
        ? new Judgement.Correct()
        : new Judgement.Incorrect("the output is not the reference answer of the task");
  }

  private boolean sameJson(String output, String reference) {
    if (!structured(output) || !structured(reference)) {
      return false;
    }
    try {
      return json.readTree(output).equals(json.readTree(reference));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** What else there is in JSON is the same only where its text is. */
  private static boolean structured(String text) {
    String stripped = text.strip();
    return stripped.startsWith("{") || stripped.startsWith("[");
  }

  @Override
  public boolean needsReference() {
    return true;
  }
}
