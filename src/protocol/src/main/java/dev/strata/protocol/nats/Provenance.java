package dev.strata.protocol.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.List;

/**
 * Whether a message comes from somebody who may publish on its subject. A user can ask the server
 * for something in a stream of his and name any subject as the one to answer to, also one on which
 * he must not publish: the server checks the right to ask, not that subject (NATS 2.15). What it
 * then sends there is known by what the server adds to messages of streams, which nobody can take
 * away again: the header that names the stream, or the stream's own subject and a subject for the
 * acknowledgement.
 */
final class Provenance {
  private static final String STREAM = "Nats-Stream";

  private Provenance() {}

  /** A message outside of all streams, to whom listens on such subjects. Ours have no headers. */
  static boolean sent(String subjects, Message message) {
    return !message.hasHeaders()
        && message.getReplyTo() == null
        && matches(subjects.split("\\.", -1), message.getSubject().split("\\.", -1));
  }

  /** A message as a consumer delivers it: it was published into the consumer's stream. */
  static boolean delivered(Message message) {
    Headers headers = message.getHeaders();
    return headers == null || headers.get(STREAM) == null;
  }

  /** The last message of a subject as the server gives it from a stream: published into that. */
  static boolean stored(String stream, Message message) {
    Headers headers = message.getHeaders();
    return headers != null && List.of(stream).equals(headers.get(STREAM));
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
