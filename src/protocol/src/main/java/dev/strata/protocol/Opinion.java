package dev.strata.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link SecondOpinion}.
 *
 * @param id copied from the question
 * @param from pod that answers
 * @param output what its handler gave; null: it was busy, or its handler gave nothing
 */
public record Opinion(String id, String from, @Nullable String output) {}
