package dev.strata.protocol.nats;

import dev.strata.protocol.Subjects;
import io.nats.client.Message;
import java.util.function.Predicate;

/**
 * Whether a message comes from somebody who may publish on its subject. A user can ask the server
 * for something in a stream of his and name any subject as the one to answer to, also one on which
 * he must not publish: the server checks the right to ask, not that subject (NATS 2.15). What a
 * consumer delivers there keeps the stream's own subject, and a subject for the acknowledgement,
 * which names the stream.
 */
final class Provenance {
  private Provenance() {}

  /** A message outside of all streams, to whom listens on such subjects. Ours have no headers. */
  static Predicate<Message> sentTo(String subjects) {
    String[] pattern = subjects.split("\\.", -1);
    return message ->
        !message.hasHeaders()
            && message.getReplyTo() == null
            && matches(pattern, message.getSubject().split("\\.", -1));
  }

  /** A message as a consumer of this pool's tasks delivers it. */
  static boolean delivered(String pool, Message message) {
    return message.getSubject().startsWith("task." + pool + ".")
        && NatsDelivery.stream(message).equals(Subjects.taskStream(pool));
  }

  private static boolean matches(String[] pattern, String[] subject) {
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i].equals(">")) {
        return subject.length > i;
      }
      if (i >= subject.length || !(pattern[i].equals("*") || pattern[i].equals(subject[i]))) {
        return false;
      }
    }
    return subject.length == pattern.length;
  }
}
