package dev.strata.agent.validation;

import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Task;
import org.jspecify.annotations.Nullable;

/** How the pool's outputs are judged, and what follows from an incorrect one. */
public final class Validation {
  /** Outputs are not judged. */
  public static final Validation NONE = new Validation(null, false);

  private final @Nullable Validator validator;
  private final boolean failing;

  private Validation(@Nullable Validator validator, boolean failing) {
    this.validator = validator;
    this.failing = failing;
  }

  /**
   * Reads the configuration.
   *
   * @throws dev.strata.agent.BadConfigurationException when the pattern is none, or the schema
   */
  public static Validation of(AgentConfig config) {
    AgentConfig.Validation asked = config.validation();
    return asked == null ? NONE : new Validation(validator(asked), asked.failing());
  }

  private static Validator validator(AgentConfig.Validation asked) {
    if (asked.pattern() != null) {
      return new PatternValidator(asked.pattern());
    }
    // Its library is loaded here, and only where a schema is set.
    return asked.jsonSchema() != null
        ? new SchemaValidator(asked.jsonSchema())
        : new ReferenceValidator();
  }

  /** Whether outputs are judged. */
  public boolean judges() {
    return validator != null;
  }

  /** Whether an incorrect output is a failed attempt. */
  public boolean failing() {
    return failing;
  }

  /** Judges the output of a task. */
  public Judgement judge(Task task, String output) {
    return validator == null
        ? new Judgement.NotJudged()
        : validator.judge(output, task.reference());
  }

  /** Judges a task that was given up, or could not be done in time: incorrect if judged at all. */
  public Judgement judgeFailed(Task task) {
    boolean judged = validator != null && (task.reference() != null || !validator.needsReference());
    return judged ? new Judgement.Incorrect("the task failed") : new Judgement.NotJudged();
  }
}
