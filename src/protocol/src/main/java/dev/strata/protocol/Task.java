package dev.strata.protocol;

/**
 * A piece of work.
 *
 * @param id 128-bit id, 32 hexadecimal digits; the submitter's idempotency
 * @param input what the handler gets: plain text or JSON text
 * @param submittedAtMillis wall clock of the submitter, milliseconds since 1970
 */
public record Task(String id, String input, long submittedAtMillis) {}
