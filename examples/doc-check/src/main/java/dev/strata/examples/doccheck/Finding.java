package dev.strata.examples.doccheck;

/**
 * Something wrong in a document.
 *
 * @param line counted from 1
 * @param kind BrokenLink, BrokenAnchor, HeadingOrder or NotYaml
 * @param message a sentence for a person
 */
public record Finding(int line, String kind, String message) {}
