package dev.strata.agent.work;

/** Why a running handler is interrupted. */
enum Stop {
  TIMEOUT,
  CANCELLED,
  HANDED_BACK,
  FENCED
}
