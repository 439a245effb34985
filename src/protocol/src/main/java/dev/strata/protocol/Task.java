package dev.strata.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A piece of work.
 *
 * @param id 128-bit id, 32 hexadecimal digits; the submitter's idempotency
 * @param input what the handler gets: plain text or JSON text
 * @param submittedAtMillis wall clock of the submitter, milliseconds since 1970
 * @param reference the answer that a correct output equals; null where none was given. Handlers do
 *     not see it
 */
public record Task(String id, String input, long submittedAtMillis, @Nullable String reference) {
  /** A task without a reference answer. */
  public Task(String id, String input, long submittedAtMillis) {
    this(id, input, submittedAtMillis, null);
  }
}
