package dev.strata.agent.validation;

/** The output equals the reference answer that came with the task. */
final class ReferenceValidator implements Validator {
  private final Sameness same = new Sameness();

  @Override
  public Judgement judge(Answer answer) {
    String reference = answer.task().reference();
    if (reference == null) {
      return new Judgement.NotJudged();
    }
    return same.between(answer.output(), reference)
        ? new Judgement.Correct()
        : new Judgement.Incorrect("the output is not the reference answer of the task");
  }

  @Override
  public boolean needsReference() {
    return true;
  }
}
