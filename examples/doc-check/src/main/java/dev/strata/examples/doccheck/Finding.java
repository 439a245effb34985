package dev.strata.examples.doccheck;

/**
 * Something wrong in a document.
 *
 * @param line counted from 1
 * @param kind one of link, heading, yaml, word
 * @param message a sentence
 */
record Finding(int line, String kind, String message) {}
