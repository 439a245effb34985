package dev.strata.harness;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The signals that the harness sends. Through kill(2) itself: a program started for each signal
 * would take longer than what is being tested, and the JDK can signal neither a group nor STOP.
 */
public enum Signal {
  KILL(9),
  TERM(15),
  CONT(18),
  STOP(19);

  private static final MethodHandle KILL_CALL = killCall();

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  boolean ends() {
    return this == KILL || this == TERM;
  }

  /** To one process; a process that is gone is no error. */
  public void toProcess(long pid) {
    send(pid);
  }

  /** To all processes of a group; a group that is gone is no error. */
  public void toGroup(long group) {
    if (group <= 1) {
      throw new IllegalArgumentException("not a process group of ours: " + group);
    }
    send(-group);
  }

  private void send(long target) {
    try {
      int ignored = (int) KILL_CALL.invokeExact((int) target, number);
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }

  // kill(2) has no way to harm this process's memory.
  @SuppressWarnings("restricted")
  private static MethodHandle killCall() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("kill").orElseThrow(),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
