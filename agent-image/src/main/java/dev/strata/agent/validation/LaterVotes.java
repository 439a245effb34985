package dev.strata.agent.validation;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Votes on outputs whose results are stored already: some at a time, and a bounded number waits.
 * What finds no room is not judged.
 */
public final class LaterVotes implements AutoCloseable {
  private static final int MOST_WAITING = 64;

  /** Of inputs and outputs that wait: 64 of the largest would fill an agent's memory. */
  private static final long MOST_CHARACTERS = 2_000_000;

  private static final long END_SECONDS = 1;

  private final Votes votes;
  private final AtomicLong characters = new AtomicLong();
  private final ThreadPoolExecutor workers;

  private final class Vote implements Runnable {
    private final Answer answer;
    private final Consumer<Judgement> told;
    private final long size;

    Vote(Answer answer, Consumer<Judgement> told) {
      this.answer = answer;
      this.told = told;
      this.size = (long) answer.task().input().length() + answer.output().length();
    }

    @Override
    public void run() {
      characters.addAndGet(-size);
      told.accept(votes.judge(answer));
    }

    void refuse() {
      characters.addAndGet(-size);
      told.accept(new Judgement.NotJudged());
    }
  }

  /**
   * @param atATime votes under way at a time
   */
  public LaterVotes(Votes votes, int atATime) {
    this.votes = votes;
    this.workers =
        new ThreadPoolExecutor(
            atATime,
            atATime,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("vote-", 0).factory(),
            (vote, executor) -> ((Vote) vote).refuse());
    workers.allowCoreThreadTimeOut(true);
  }

  /** Judges the output when it is its turn; never waits. */
  void add(Answer answer, Consumer<Judgement> told) {
    var vote = new Vote(answer, told);
    if (characters.addAndGet(vote.size) > MOST_CHARACTERS) {
      vote.refuse();
    } else {
      workers.execute(vote);
    }
  }

  /** To be called when the votes are closed: then those that wait end without one. */
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
