package dev.strata.protocol;

import java.util.regex.Pattern;

/**
 * Names on the message engine. Everything of a pool carries the pool's UID, so a pool of the same
 * name made later shares nothing with it. The last token of what an agent says to the operator is
 * its own pod name, which the server enforces.
 *
 * <pre>
 * hb.POOL.POD              heartbeats, agent to operator
 * ctl.POOL.POD             wanted state, operator to agent
 * tel.POOL.POD             telemetry, agent to operator
 * peer.POOL.POD            probes and their answers, agent to agent
 * ask.POOL.POD             tasks of which peers want a second opinion, agent to agent
 * opinion.POOL.POD         the opinions that a pod asked for, agent to agent
 * cancel.POOL              cancelled task ids, to all agents of the pool and to the operator
 * task.POOL.p1|p2|p3.TASK  stream T-POOL, work queue
 * res.POOL.TASK            stream R-POOL, one result per task, the first wins
 * dead.POOL.TASK           stream D-POOL, tasks given up
 * att.POOL.TASK            stream D-POOL, failed attempts so far
 * gate.POOL                stream G-POOL, what the operator has measured, for the next operator
 * </pre>
 */
public final class Subjects {
  private static final Pattern POD = Pattern.compile("[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?");

  private Subjects() {}

  /** All heartbeats of all pools. */
  public static final String ALL_HEARTBEATS = "hb.>";

  /** The telemetry of all pools. */
  public static final String ALL_TELEMETRY = "tel.>";

  /** The cancellations of all pools. */
  public static final String ALL_CANCELLATIONS = "cancel.*";

  public static String heartbeat(String pool, String pod) {
    return "hb." + pool + "." + pod;
  }

  public static String control(String pool, String pod) {
    return "ctl." + pool + "." + pod;
  }

  public static String telemetry(String pool, String pod) {
    return "tel." + pool + "." + pod;
  }

  /** What a pod's peers send to it. */
  public static String peer(String pool, String pod) {
    return "peer." + pool + "." + pod;
  }

  /** Where a pod is asked for second opinions. */
  public static String ask(String pool, String pod) {
    return "ask." + pool + "." + pod;
  }

  /** Where a pod gets the opinions that it asked for. */
  public static String opinion(String pool, String pod) {
    return "opinion." + pool + "." + pod;
  }

  /** Whether a message may name this pod as the one to answer: it becomes part of a subject. */
  public static boolean namesPod(String pod) {
    return POD.matcher(pod).matches();
  }

  public static String cancel(String pool) {
    return "cancel." + pool;
  }

  public static String task(String pool, Priority priority, String taskId) {
    return "task." + pool + "." + priority.token() + "." + taskId;
  }

  /** One task, whatever its priority. */
  public static String task(String pool, String taskId) {
    return "task." + pool + ".*." + taskId;
  }

  public static String tasks(String pool, Priority priority) {
    return "task." + pool + "." + priority.token() + ".>";
  }

  public static String result(String pool, String taskId) {
    return "res." + pool + "." + taskId;
  }

  public static String deadLetter(String pool, String taskId) {
    return "dead." + pool + "." + taskId;
  }

  public static String attempt(String pool, String taskId) {
    return "att." + pool + "." + taskId;
  }

  public static String taskStream(String pool) {
    return "T-" + pool;
  }

  public static String resultStream(String pool) {
    return "R-" + pool;
  }

  public static String deadLetterStream(String pool) {
    return "D-" + pool;
  }

  public static String checkpoint(String pool) {
    return "gate." + pool;
  }

  public static String checkpointStream(String pool) {
    return "G-" + pool;
  }

  /** The pool of a subject such as {@link #cancel}: its second token. */
  public static String poolOf(String subject) {
    return subject.split("\\.", 3)[1];
  }

  /** The pod of a subject such as {@link #telemetry}: its third token. */
  public static String podOf(String subject) {
    return subject.split("\\.", 4)[2];
  }

  /** The durable consumer of one priority on the task stream. */
  public static String consumer(Priority priority) {
    return priority.token();
  }

  /** The pool that a stream of ours belongs to, or null when the name is no such stream. */
  public static @org.jspecify.annotations.Nullable String poolOfStream(String stream) {
    return stream.length() > 2 && "TRDG".indexOf(stream.charAt(0)) >= 0 && stream.charAt(1) == '-'
        ? stream.substring(2)
        : null;
  }
}
