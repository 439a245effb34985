package dev.strata.agent.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a vote is decided, and how. */
class BallotTest {
  /** Votes: = an equal output, x another one, - none. */
  @ParameterizedTest
  @CsvSource({
    "3, '', open",
    "3, =, Correct",
    "3, x, open",
    "3, -, open",
    "3, xx, Incorrect",
    "3, x=, Correct",
    "3, -=, Correct",
    "3, x-, NotJudged",
    "3, -x, NotJudged",
    "3, --, NotJudged",
    "5, =, open",
    "5, ==, Correct",
    "5, xx, open",
    "5, xxx, Incorrect",
    "5, =xx, open",
    "5, =xx=, Correct",
    "5, =xxx, Incorrect",
    "5, --, open",
    "5, ---, NotJudged",
    "5, --x, NotJudged",
    "5, --=, open",
    "5, --==, Correct",
    "5, --=x, NotJudged",
    "9, xxxx, open",
    "9, xxxxx, Incorrect",
    "9, ====, Correct",
  })
  void aVoteIsDecidedAsSoonAsNothingCanChangeIt(int agents, String votes, String decided) {
    var ballot = new Ballot(agents, "yes");
    for (int i = 0; i < votes.length(); i++) {
      switch (votes.charAt(i)) {
        case '=' -> ballot.vote("yes\n");
        case 'x' -> ballot.vote("no");
        default -> ballot.abstain(1);
      }
    }
    assertThat(ballot.decided().map(j -> j.getClass().getSimpleName()).orElse("open"))
        .isEqualTo(decided);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\": 1, \"b\": []} | {\"b\":[],\"a\":1} | true", "1.0 | 1 | false"})
  void outputsAreComparedAsWithReferenceAnswers(String one, String other, boolean equal) {
    var ballot = new Ballot(3, one);
    ballot.vote(other);
    assertThat(ballot.decided().equals(Optional.of(new Judgement.Correct()))).isEqualTo(equal);
  }
}
