package dev.strata.agent.validation;

import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Task;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the pool's outputs are judged, and what follows from an incorrect one. */
public final class Validation {
  /** Outputs are not judged. */
  public static final Validation NONE = new Validation(null, null, false);

  private final @Nullable Validator validator;
  private final @Nullable LaterJudgements later;
  private final boolean failing;

  private Validation(
      @Nullable Validator validator, @Nullable LaterJudgements later, boolean failing) {
    this.validator = validator;
    this.later = later;
    this.failing = failing;
  }

  /**
   * Reads the configuration. Where others judge, a majority or another pool, there is nothing that
   * could be wrong with it, and nobody to ask yet: see {@link #by} and {@link #afterwardsBy}.
   *
   * @throws dev.strata.agent.BadConfigurationException when the pattern is none, or the schema
   */
  public static Validation of(AgentConfig config) {
    AgentConfig.Validation asked = config.validation();
    return asked == null || config.voters() > 1 || config.asksVerifier()
        ? NONE
        : new Validation(validator(asked), null, asked.failing());
  }

  /** Others judge before the result is stored, and fail the attempt. */
  public static Validation by(Validator others) {
    return new Validation(others, null, true);
  }

  /** Others judge results that are stored. */
  public static Validation afterwardsBy(Validator others, LaterJudgements later) {
    return new Validation(others, later, false);
  }

  private static Validator validator(AgentConfig.Validation asked) {
    if (asked.verifier() != null) {
      // There was no such pool: that shows in how much is judged.
      return answer -> new Judgement.NotJudged();
    }
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

  /** How long {@link #judge} may take. */
  public Duration limit() {
    return validator == null || later != null ? Duration.ZERO : validator.limit();
  }

  /** Judges an output whose result is not stored yet. */
  public Judgement judge(Answer answer) {
    return validator == null || later != null ? new Judgement.NotJudged() : validator.judge(answer);
  }

  /**
   * Tells the judgement of an output whose result is stored: the one it has, or a later one.
   *
   * @param before what {@link #judge} said
   */
  public void stored(Answer answer, Judgement before, Consumer<Judgement> told) {
    if (later == null) {
      told.accept(before);
    } else {
      later.add(answer, told);
    }
  }

  /** Judges a task that was given up, or could not be done in time: incorrect if judged at all. */
  public Judgement judgeFailed(Task task) {
    boolean judged = validator != null && (task.reference() != null || !validator.needsReference());
    return judged ? new Judgement.Incorrect("the task failed") : new Judgement.NotJudged();
  }
}
