package dev.strata.agent.validation;

/** What a validator says of an output. */
public sealed interface Judgement {
  /** It is as it should be. */
  record Correct() implements Judgement {}

  /**
   * It is not.
   *
   * @param why a sentence for people
   */
  record Incorrect(String why) implements Judgement {}

  /** There is nothing to judge it by. */
  record NotJudged() implements Judgement {}
}
