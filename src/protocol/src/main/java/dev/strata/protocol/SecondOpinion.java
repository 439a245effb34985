package dev.strata.protocol;

/**
 * Asks a peer to execute a task that the asking agent has executed, and to tell its output.
 *
 * @param id random and for this peer alone, so that nobody else can answer
 * @param from pod that asks
 * @param taskId the task
 * @param input what the handler gets
 * @param attempt the attempt that gave the output in question, 1 for the first
 */
public record SecondOpinion(String id, String from, String taskId, String input, int attempt) {}
