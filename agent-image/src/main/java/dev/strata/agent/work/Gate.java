package dev.strata.agent.work;

/** Whether the agent may take tasks and store results at this moment. */
public interface Gate {
  /** What to do with a result. */
  enum Verdict {
    /** Store it. */
    STORE,
    /** Hold it back and ask again: the agent may have been replaced. */
    HOLD,
    /** Hand the task back: nobody confirmed the agent in time. */
    HAND_BACK,
    /** Drop it without a word: the agent was replaced. */
    DROP
  }

  /** Whether to fetch tasks. */
  boolean mayFetch();

  /** Asked immediately before a result is stored. */
  Verdict mayStore();
}
