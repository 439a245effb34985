package dev.strata.protocol;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an active agent has measured, sent every second. It tells of its last minute second by
 * second, so a lost message costs nothing; a second's number is the message's sequence number.
 *
 * @param pool UID of the pool
 * @param pod name of the pod
 * @param podUid UID of the pod
 * @param process random id of the process, new at each start
 * @param identity the identity it holds
 * @param epoch epoch of that identity
 * @param second the newest whole second of the process, counted from 1
 * @param events good and all events, by signal, or by signal and threshold: see {@link #key}
 * @param open events that have begun and are not judged yet, by the same keys
 * @param sums numerators and denominators, by signal
 * @param gauges a value a second, oldest first, at most 60, by signal
 * @param durations how long events took that ended in the newest second, by signal; told once, so
 *     what is lost is missing from them
 * @param faults signals that cannot be measured, with a word for the cause
 * @param wanted hash of the {@link Wanted} that it measures by; 0 before the first one
 * @param last whether the process ends in order after this message
 */
public record Telemetry(
    String pool,
    String pod,
    String podUid,
    String process,
    @Nullable String identity,
    long epoch,
    long second,
    Map<String, Growth> events,
    Map<String, Long> open,
    Map<String, Growth> sums,
    Map<String, List<Double>> gauges,
    Map<String, Durations> durations,
    Map<String, String> faults,
    int wanted,
    boolean last) {

  /** How many seconds a message tells of. */
  public static final int SECONDS = 60;

  /**
   * Two counters that only grow, and how they grew. Of events the first counts the good ones and
   * the second all; of sums they are numerator and denominator.
   *
   * @param first since the process began
   * @param second since the process began
   * @param firsts growth by second, oldest first; seconds before the first entry had none
   * @param seconds likewise, as many
   */
  public record Growth(long first, long second, List<Long> firsts, List<Long> seconds) {}

  /**
   * How long events took, rounded to within half a percent so that equal ones are told together.
   *
   * @param micros microseconds, at most an hour
   * @param counts how many took so long
   */
  public record Durations(List<Long> micros, List<Long> counts) {}

  /**
   * What the operator wants measured. Level-triggered: sent while a message of the agent carries
   * another hash.
   *
   * @param thresholds milliseconds at which events of a signal are judged
   * @param peers pods of the same pool, nearest first: with the first {@link #PROBED} the agent
   *     exchanges probes; where a majority of n judges outputs there are n - 1 of them, at most 8,
   *     to ask for second opinions
   */
  public record Wanted(Map<String, List<Long>> thresholds, List<Peer> peers) {
    /** With how many peers probes are exchanged. */
    public static final int PROBED = 4;

    /** The same for the same content, in every process; never 0. */
    public int version() {
      int key =
          Envelope.senderKey(
              new TreeMap<>(thresholds)
                  + peers.stream().map(p -> p.pod() + "/" + p.node()).toList().toString());
      return key == 0 ? 1 : key;
    }
  }

  /** A pod of the same pool. */
  public record Peer(String pod, String node) {}

  /**
   * A probe of a peer, or the answer to one. Times are of the wall clock of who writes them, in
   * nanoseconds since 1970.
   *
   * @param id random, so that nobody else can answer
   * @param from pod that asks
   * @param sentNanos when it asked
   * @param receivedNanos when the peer had it; 0 in the question
   * @param answeredNanos when the peer answered; 0 in the question
   * @param padding makes it as long as a small message
   */
  public record Probe(
      String id,
      String from,
      long sentNanos,
      long receivedNanos,
      long answeredNanos,
      String padding) {}

  /** The key of a signal's events that are judged at a threshold. */
  public static String key(String signal, long thresholdMillis) {
    return signal + "@" + thresholdMillis;
  }
}
