package dev.strata.agent.work;

import dev.strata.agent.validation.Judgement;

/** How an attempt went. */
sealed interface Outcome {
  /**
   * The handler gave an output.
   *
   * @param judgement whether it is correct
   */
  record Done(String output, Judgement judgement) implements Outcome {
    /** One that nobody has judged. */
    Done(String output) {
      this(output, new Judgement.NotJudged());
    }
  }

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
