package dev.strata.core.gate;

/** The four layers of the performance protocol. */
public enum Layer {
  Application,
  Coordination,
  Transport,
  Physical
}
