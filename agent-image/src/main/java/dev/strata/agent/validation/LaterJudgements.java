package dev.strata.agent.validation;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Judges outputs whose results are stored already by others who take their time: some at a time,
 * and a bounded number waits. What finds no room is not judged.
 */
public final class LaterJudgements implements AutoCloseable {
  private static final int MOST_WAITING = 64;

  /** Of inputs and outputs that wait: 64 of the largest would fill an agent's memory. */
  private static final long MOST_CHARACTERS = 2_000_000;

  private static final long END_SECONDS = 1;

  private final Validator validator;
  private final AtomicLong characters = new AtomicLong();
  private final ThreadPoolExecutor workers;

  private final class Waiting implements Runnable {
    private final Answer answer;
    private final Consumer<Judgement> told;
    private final long size;

    Waiting(Answer answer, Consumer<Judgement> told) {
      this.answer = answer;
      this.told = told;
      this.size = (long) answer.task().input().length() + answer.output().length();
    }

    @Override
    public void run() {
      characters.addAndGet(-size);
      told.accept(validator.judge(answer));
    }

    void refuse() {
      characters.addAndGet(-size);
      told.accept(new Judgement.NotJudged());
    }
  }

  /**
   * @param atATime judgements under way at a time
   */
  public LaterJudgements(Validator validator, int atATime) {
    this.validator = validator;
    this.workers =
        new ThreadPoolExecutor(
            atATime,
            atATime,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("judge-", 0).factory(),
            (waiting, executor) -> ((Waiting) waiting).refuse());
    workers.allowCoreThreadTimeOut(true);
  }

  /** Judges the output when it is its turn; never waits. */
  void add(Answer answer, Consumer<Judgement> told) {
    var waiting = new Waiting(answer, told);
    if (characters.addAndGet(waiting.size) > MOST_CHARACTERS) {
      waiting.refuse();
    } else {
      workers.execute(waiting);
    }
  }

  /** To be called when the validator is closed: then those that wait end without a judgement. */
  @Override
  public void close() {
    workers.shutdown();
    try {
      // Their judgements go into the agent's last report.
      var unused = workers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
