package dev.strata.agent.validation;

import dev.strata.agent.BadConfigurationException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The whole output matches a regular expression. */
final class PatternValidator implements Validator {
  private final Pattern pattern;

  /**
   * @throws BadConfigurationException when it is no regular expression
   */
  PatternValidator(String expression) {
    try {
      this.pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new BadConfigurationException(
          "spec.agent.validation.pattern is no regular expression: %s at character %d; correct it"
              .formatted(e.getDescription(), e.getIndex() + 1),
          e);
    }
  }

  @Override
  public Judgement judge(Answer answer) {
    try {
      return new Deadline().matches(pattern, answer.output())
          ? new Judgement.Correct()
          : new Judgement.Incorrect("the output does not match spec.agent.validation.pattern");
    } catch (Deadline.Passed e) {
      return new Judgement.Incorrect("the pattern could not be matched: " + e.getMessage());
    } catch (StackOverflowError e) {
      return new Judgement.Incorrect(
          "the pattern could not be matched: it repeats a group more often than the stack bears;"
              + " write possessive quantifiers such as (?:...)*+");
    }
  }
}
