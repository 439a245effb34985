package dev.strata.agent.work;

import dev.strata.agent.Counts;
import dev.strata.agent.Membership;
import dev.strata.agent.handler.TaskHandler;
import dev.strata.agent.handler.TaskInput;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Opinion;
import dev.strata.protocol.PayloadTooLargeException;
import dev.strata.protocol.Priority;
import dev.strata.protocol.SecondOpinion;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executes tasks for peers that want a second opinion, in slots apart from those for tasks: agents
 * that ask each other cannot wait for each other in a circle. Who finds no free slot hears so at
 * once. Nothing is stored or acknowledged.
 */
public final class Opinions implements AutoCloseable {
  private final Transport transport;
  private final Messages messages;
  private final String pool;
  private final String pod;
  private final TaskHandler handler;
  private final AgentConfig config;
  private final Membership membership;
  private final Gate gate;
  private final Counts counts;
  private final Set<Execution> running = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor clock;
  private final ThreadPoolExecutor slots;
  private final Transport.Subscription subscription;
  private volatile boolean closed;

  /** Begins to listen. */
  public Opinions(
      Transport transport,
      Messages messages,
      String pool,
      String pod,
      TaskHandler handler,
      AgentConfig config,
      Membership membership,
      Gate gate,
      Counts counts) {
    this.transport = transport;
    this.messages = messages;
    this.pool = pool;
    this.pod = pod;
    this.handler = handler;
    this.config = config;
    this.membership = membership;
    this.gate = gate;
    this.counts = counts;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("opinion-clock").factory(),
            // Refused only when all handlers were told to stop.
            new ThreadPoolExecutor.DiscardPolicy());
    clock.setRemoveOnCancelPolicy(true);
    // A thread is a slot: a handler that ignores its interrupt keeps its own.
    this.slots =
        new ThreadPoolExecutor(
            0,
            config.concurrency(),
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("opinion-", 0).factory(),
            (asked, executor) -> ((Asked) asked).answer(null));
    this.subscription =
        transport.subscribe(Subjects.ask(pool, pod), (subject, message) -> asked(message));
  }

  private void asked(Envelope message) {
    var asked = new Asked(Messages.read(message, MessageType.SECOND_OPINION, SecondOpinion.class));
    if (!Subjects.namesPod(asked.question.from())) {
      return;
    }
    if (gate.mayFetch()) {
      slots.execute(asked);
    } else {
      asked.answer(null);
    }
  }

  private final class Asked implements Runnable {
    private final SecondOpinion question;

    Asked(SecondOpinion question) {
      this.question = question;
    }

    @Override
    public void run() {
      Membership.State self = membership.state();
      var input =
          new TaskInput(
              question.taskId(),
              question.input(),
              question.attempt(),
              String.valueOf(self.identity()),
              self.epoch(),
              pod);
      var execution = new Execution(handler, config, clock, counts);
      running.add(execution);
      if (closed) {
        execution.stop(Stop.HANDED_BACK);
      }
      // Of an abandoned one nobody waits to hear any more.
      Outcome outcome = execution.call(input, _ -> {});
      running.remove(execution);
      answer(outcome instanceof Outcome.Done done ? done.output() : null);
    }

    void answer(@Nullable String output) {
      try {
        send(output);
      } catch (PayloadTooLargeException e) {
        answer(null);
      } catch (TransportException e) {
        // Then it does not arrive: an agent that is not heard has no vote.
      }
    }

    private void send(@Nullable String output) {
      var opinion = new Opinion(question.id(), pod, output);
      transport.publish(
          Subjects.opinion(pool, question.from()),
          messages.wrap(MessageType.OPINION, Priority.NORMAL, membership.state().epoch(), opinion));
    }
  }

  /** Ends what is being executed, and takes nothing more. */
  @Override
  public void close() {
    closed = true;
    subscription.close();
    running.forEach(execution -> execution.stop(Stop.HANDED_BACK));
    slots.shutdown();
    clock.shutdownNow();
  }
}
