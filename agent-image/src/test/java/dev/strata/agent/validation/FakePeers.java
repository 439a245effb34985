package dev.strata.agent.validation;

import dev.strata.protocol.Envelope;
import dev.strata.protocol.MessageType;
import dev.strata.protocol.Messages;
import dev.strata.protocol.Opinion;
import dev.strata.protocol.Priority;
import dev.strata.protocol.SecondOpinion;
import dev.strata.protocol.Subjects;
import dev.strata.protocol.Transport;
import dev.strata.protocol.TransportException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Peers that answer at once as they were told to, and the way to them. */
final class FakePeers implements Transport {
  static final String POOL = "pool-uid";
  static final String SELF = "pod-0";

  private final Messages messages = new Messages("test");
  private final Map<String, Function<SecondOpinion, List<Opinion>>> peers = new LinkedHashMap<>();
  private final List<SecondOpinion> questions = new CopyOnWriteArrayList<>();
  private final List<BiConsumer<String, Envelope>> listeners = new CopyOnWriteArrayList<>();
  private boolean unreachable;

  FakePeers answers(String pod, String output) {
    return answersAs(pod, pod, output);
  }

  FakePeers answersAs(String pod, String name, String output) {
    peers.put(pod, question -> List.of(new Opinion(question.id(), name, output)));
    return this;
  }

  FakePeers answersTwice(String pod, String output) {
    peers.put(
        pod,
        question -> {
          var opinion = new Opinion(question.id(), pod, output);
          return List.of(opinion, opinion);
        });
    return this;
  }

  FakePeers busy(String pod) {
    peers.put(pod, question -> List.of(new Opinion(question.id(), pod, null)));
    return this;
  }

  FakePeers silent(String pod) {
    peers.put(pod, question -> List.of());
    return this;
  }

  void unreachable() {
    unreachable = true;
  }

  List<String> names() {
    return List.copyOf(peers.keySet());
  }

  /** What was asked so far. */
  List<SecondOpinion> questions() {
    return questions;
  }

  Messages messages() {
    return messages;
  }

  @Override
  public void publish(String subject, Envelope envelope) {
    if (unreachable) {
      throw new TransportException("not connected");
    }
    var question = Messages.read(envelope, MessageType.SECOND_OPINION, SecondOpinion.class);
    questions.add(question);
    for (Opinion opinion : peers.get(Subjects.podOf(subject)).apply(question)) {
      Envelope answer = messages.wrap(MessageType.OPINION, Priority.NORMAL, 1, opinion);
      listeners.forEach(
          listener -> listener.accept(Subjects.opinion(POOL, question.from()), answer));
    }
  }

  @Override
  public Subscription subscribe(String subject, BiConsumer<String, Envelope> listener) {
    if (!subject.equals(Subjects.opinion(POOL, SELF))) {
      throw new AssertionError("listens on " + subject);
    }
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public boolean connected() {
    return !unreachable;
  }

  @Override
  public Duration connectedFor() {
    return Duration.ZERO;
  }

  @Override
  public long malformed() {
    return 0;
  }

  @Override
  public boolean flush(Duration limit) {
    return true;
  }

  @Override
  public void close() {}
}
