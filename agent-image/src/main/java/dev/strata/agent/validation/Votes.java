package dev.strata.agent.validation;

import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageIds;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Opinion;
import dev.strata.protocol.PayloadTooLargeException;
import dev.strata.protocol.Priority;
import dev.strata.protocol.SecondOpinion;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks peers to execute a task too, and judges the output by the majority. Whoever wants a
 * judgement waits for it on a thread of its own. No agent can wait for itself through others: who
 * is asked never waits for a vote.
 */
public final class Votes implements Validator, AutoCloseable {
  private final Transport transport;
  private final Messages messages;
  private final String pool;
  private final String pod;
  private final int agents;
  private final Duration limit;
  private final Supplier<List<String>> peers;
  private final BooleanSupplier mayVote;
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final Transport.Subscription subscription;
  private volatile boolean closed;

  /** A question that is open; its answers go to the thread that counts the vote. */
  private record Asked(String peer, BlockingQueue<Optional<String>> vote) {}

  /**
   * @param peers pods to ask, nearest first
   * @param mayVote whether a vote may begin
   */
  public Votes(
      Transport transport,
      Messages messages,
      String pool,
      String pod,
      AgentConfig config,
      Supplier<List<String>> peers,
      BooleanSupplier mayVote) {
    this.transport = transport;
    this.messages = messages;
    this.pool = pool;
    this.pod = pod;
    this.agents = config.voters();
    this.limit = Duration.ofMillis(config.taskTimeoutMillis());
    this.peers = peers;
    this.mayVote = mayVote;
    this.subscription =
        transport.subscribe(Subjects.opinion(pool, pod), (subject, message) -> heard(message));
  }

  private void heard(Envelope message) {
    Opinion opinion = Messages.read(message, MessageType.OPINION, Opinion.class);
    Asked question = asked.get(opinion.id());
    if (question != null
        && question.peer().equals(opinion.from())
        && asked.remove(opinion.id(), question)) {
      question.vote().add(Optional.ofNullable(opinion.output()));
    }
  }

  @Override
  public Judgement judge(Answer answer) {
    var ballot = new Ballot(agents, answer.output());
    List<String> voters = peers.get().stream().distinct().limit(agents - 1L).toList();
    ballot.abstain(agents - 1 - voters.size());
    Optional<Judgement> hopeless = ballot.decided();
    if (hopeless.isPresent() || !mayVote.getAsBoolean()) {
      return new Judgement.NotJudged();
    }
    var vote = new LinkedBlockingQueue<Optional<String>>();
    List<String> ids = new ArrayList<>();
    try {
      voters.forEach(peer -> ids.add(ask(peer, answer, vote)));
      return closed ? new Judgement.NotJudged() : count(ballot, vote);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Judgement.NotJudged();
    } finally {
      asked.keySet().removeAll(ids);
    }
  }

  private String ask(String peer, Answer answer, BlockingQueue<Optional<String>> vote) {
    String id = MessageIds.newTaskId();
    asked.put(id, new Asked(peer, vote));
    var question =
        new SecondOpinion(id, pod, answer.task().id(), answer.task().input(), answer.attempt());
    try {
      transport.publish(
          Subjects.ask(pool, peer),
          messages.wrap(MessageType.SECOND_OPINION, Priority.NORMAL, 0, question));
    } catch (TransportException | PayloadTooLargeException e) {
      // Nobody was asked, so nobody votes.
      vote.add(Optional.empty());
    }
    return id;
  }

  private Judgement count(Ballot ballot, BlockingQueue<Optional<String>> vote)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Optional<Judgement> decided = ballot.decided();
    while (decided.isEmpty()) {
      Optional<String> next = vote.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return new Judgement.NotJudged();
      }
      next.ifPresentOrElse(ballot::vote, () -> ballot.abstain(1));
      decided = ballot.decided();
    }
    return decided.get();
  }

  @Override
  public Duration limit() {
    return limit;
  }

  /** Ends the votes under way: what is not decided is not judged. No new ones begin. */
  @Override
  public void close() {
    closed = true;
    subscription.close();
    asked.values().forEach(question -> question.vote().add(Optional.empty()));
  }
}
