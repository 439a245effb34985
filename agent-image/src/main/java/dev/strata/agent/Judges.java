package dev.strata.agent;

import dev.strata.agent.validation.Validation;

/** What an agent has where others judge its outputs. */
interface Judges extends AutoCloseable {
  /** How they judge. */
  Validation validation();

  /** Whoever waits for a judgement goes on without. */
  @Override
  void close();
}
