package dev.strata.agent.work;

/** How an attempt went. */
sealed interface Outcome {
  /** The handler gave an output. */
  record Done(String output) implements Outcome {}

  /**
   * The attempt failed.
   *
   * @param error machine reason, colon, sentence
   */
  record Failed(String error) implements Outcome {}

  /** Somebody cancelled the task. */
  record Cancelled() implements Outcome {}

  /** The agent ends and somebody else is to do it. */
  record HandBack() implements Outcome {}

  /** The agent was replaced. */
  record Drop() implements Outcome {}
}
