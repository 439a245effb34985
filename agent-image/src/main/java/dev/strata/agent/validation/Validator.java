package dev.strata.agent.validation;

import org.jspecify.annotations.Nullable;

/** Judges outputs. Never throws, never takes much longer than {@link Deadline#LIMIT}. */
interface Validator {
  /**
   * Judges an output.
   *
   * @param reference the reference answer that came with the task, or null
   */
  Judgement judge(String output, @Nullable String reference);

  /** Whether a task without a reference answer cannot be judged. */
  default boolean needsReference() {
    return false;
  }
}
