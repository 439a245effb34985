package dev.strata.agent.validation;

import java.util.Optional;

/**
 * The count of one vote: an output is correct when more than half of the agents give an equal one,
 * and incorrect when more than half give another. The agent that executed the task has voted.
 */
final class Ballot {
  private final int agents;
  private final int majority;
  private final String output;
  private final Sameness same = new Sameness();
  private int equal = 1;
  private int different;
  private int silent;

  /**
   * @param agents how many vote, with the one that executed the task; odd
   * @param output what it gave
   */
  Ballot(int agents, String output) {
    this.agents = agents;
    this.majority = agents / 2 + 1;
    this.output = output;
  }

  /** A peer gave this output. */
  void vote(String other) {
    if (same.between(output, other)) {
      equal++;
    } else {
      different++;
    }
  }

  /** So many peers have no vote: busy, failed, silent, or not there at all. */
  void abstain(int peers) {
    silent += peers;
  }

  /** The judgement as soon as no further vote can change it. */
  Optional<Judgement> decided() {
    if (equal >= majority) {
      return Optional.of(new Judgement.Correct());
    }
    if (different >= majority) {
      return Optional.of(
          new Judgement.Incorrect(
              "%d of %d agents gave another output".formatted(different, agents)));
    }
    int open = agents - equal - different - silent;
    return Math.max(equal, different) + open < majority
        ? Optional.of(new Judgement.NotJudged())
        : Optional.empty();
  }
}
