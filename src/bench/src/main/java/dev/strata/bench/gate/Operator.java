package dev.strata.bench.gate;

/** What the operator does in a second. */
enum Operator {
  /** It judges, and verdicts are what it says. */
  JUDGES,
  /** It judges, and keeps what it knows for the one after it. */
  KEEPS,
  /** It does not judge, as there is none or nothing is new: verdicts are what was said last. */
  IDLE,
  /** A new one has what was kept last, and judges. */
  RESTORED,
  /** A new one has nothing of what was kept, and judges. */
  ANEW
}
