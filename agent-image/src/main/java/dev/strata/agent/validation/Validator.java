package dev.strata.agent.validation;

import java.time.Duration;

/** Judges outputs. Never throws, never takes much longer than {@link #limit}. */
public interface Validator {
  /** Judges an output. */
  Judgement judge(Answer answer);

  /** Whether a task without a reference answer cannot be judged. */
  default boolean needsReference() {
    return false;
  }

  /** How long a judgement may take. */
  default Duration limit() {
    return Deadline.LIMIT;
  }
}
