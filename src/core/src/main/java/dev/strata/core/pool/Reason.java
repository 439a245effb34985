package dev.strata.core.pool;

/**
 * Why something is done or not done: the machine's word, the same in log line, Event, metric tag
 * and condition.
 */
public enum Reason {
  ScaledUp,
  ScaledDown,
  AgentLost,
  AgentFailed,
  NodeLost,
  PodDeleted,
  Updated,
  ColdStart,
  WarmRefill,
  Surplus,
  Outdated,
  Drained,
  DrainTimedOut,
  Superseded,
  StartTimedOut,
  Recovered,
  LabelRepaired,
  CrashLoop,
  BreakerOpen,
  Unschedulable,
  QuotaExceeded,
  LimitRange,
  Forbidden,
  RecoverySuspended,
  ScaleHeld,
  RolloutHeld,
  TargetMissed,
  Quarantined,
  QuarantineOver,
  TooManyViolators,
  BudgetSpent,
  CoolingDown,
  MinReady,
  DisruptionUnderWay,
  StuckTerminating
}
