package dev.strata.agent.validation;

import dev.strata.protocol.MalformedEnvelopeException;
import dev.strata.protocol.Messages;
import dev.strata.protocol.PayloadTooLargeException;
import dev.strata.protocol.Priority;
import dev.strata.protocol.Task;
import dev.strata.protocol.TaskResult;
import dev.strata.protocol.TaskResult.Status;
import dev.strata.protocol.TransportException;
import dev.strata.protocol.WorkLane;
import dev.strata.protocol.WorkLane.Submission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Hands outputs as tasks to another pool, and takes what comes of them for the judgement. Whoever
 * wants one waits for it on a thread of its own. No agent can wait for itself through others: the
 * operator lets no pool judge that has a verifier itself.
 */
public final class Verifier implements Validator, AutoCloseable {
  /** How often who waits looks whether the agent ends. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final int ID_BYTES = 16;

  private final WorkLane lane;
  private final String pool;
  private final Duration limit;
  private final Verdict verdict = new Verdict();
  private volatile boolean closed;

  /**
   * @param lane of the pool that judges
   * @param pool UID of the pool that is judged
   * @param limit how long a judgement is waited for
   */
  public Verifier(WorkLane lane, String pool, Duration limit) {
    this.lane = lane;
    this.pool = pool;
    this.limit = limit;
  }

  @Override
  public Judgement judge(Answer answer) {
    if (closed) {
      return new Judgement.NotJudged();
    }
    try {
      Task question = question(answer);
      return lane.submit(question, Priority.NORMAL) == Submission.FULL
          ? new Judgement.NotJudged()
          : await(question.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Judgement.NotJudged();
    } catch (TransportException | PayloadTooLargeException | MalformedEnvelopeException e) {
      // Who cannot be asked, or not be understood, says nothing of the output.
      return new Judgement.NotJudged();
    } catch (IllegalStateException e) {
      // The connection is closed for good: the agent ends.
      return new Judgement.NotJudged();
    }
  }

  private Judgement await(String id) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!closed) {
      long left = deadline - System.nanoTime();
      Optional<TaskResult> result =
          lane.awaitResult(id, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
      if (result.isPresent()) {
        return judgement(result.get());
      }
      if (left <= LOOK.toNanos()) {
        break;
      }
    }
    return new Judgement.NotJudged();
  }

  private Judgement judgement(TaskResult result) {
    String output = result.output();
    return result.status() == Status.DONE && output != null
        ? verdict.of(output)
        : new Judgement.NotJudged();
  }

  private Task question(Answer answer) {
    Task judged = answer.task();
    var asked = Messages.mapper().createObjectNode();
    asked.put("input", judged.input()).put("output", answer.output());
    if (judged.reference() != null) {
      asked.put("reference", judged.reference());
    }
    String input = asked.toString();
    return new Task(id(answer, input), input, System.currentTimeMillis());
  }

  /**
   * The same for the same question, so that a repetition is a duplicate. The output is part of it:
   * an attempt that is executed again after its agent died may give another one.
   */
  private String id(Answer answer, String question) {
    String asked =
        String.join("\n", pool, answer.task().id(), Integer.toString(answer.attempt()), question);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(asked.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  @Override
  public Duration limit() {
    return limit;
  }

  /** Ends the waiting: what is not judged by then is not judged. Nothing more is asked. */
  @Override
  public void close() {
    closed = true;
  }
}
