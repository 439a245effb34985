package dev.strata.operator.gate;

import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One sentence of all gates of a pool: a violated one counts more than an unknown one. */
final class PoolVerdict {
  private PoolVerdict() {}

  /**
   * @param unjudged names of gates that cannot be judged, each with its reason
   */
  static Said of(List<Watch> watches, Map<String, String> unjudged) {
    record Named(String gate, Said satisfied) {}
    Stream<Named> spoiled =
        unjudged.entrySet().stream()
            .map(
                e ->
                    new Named(
                        e.getKey(), new Said("Satisfied", Verdict.Unknown, e.getValue(), "")));
    Stream<Named> judged =
        watches.stream()
            .map(
                w ->
                    new Named(
                        w.gate().getMetadata().getName(),
                        w.conditions().stream()
                            .filter(c -> c.type().equals("Satisfied"))
                            .findFirst()
                            .orElseThrow()));
    List<Named> said =
        Stream.concat(spoiled, judged).sorted(Comparator.comparing(Named::gate)).toList();
    Verdict worst =
        said.stream().anyMatch(n -> n.satisfied().status() == Verdict.Violated)
            ? Verdict.Violated
            : said.stream().anyMatch(n -> n.satisfied().status() == Verdict.Unknown)
                ? Verdict.Unknown
                : Verdict.Met;
    String gates =
        said.stream()
            .filter(n -> n.satisfied().status() == worst)
            .map(n -> "gate " + n.gate() + ": " + n.satisfied().reason())
            .collect(Collectors.joining("; "));
    String reason =
        switch (worst) {
          case Met -> "AllSatisfied";
          case Violated -> "Violated";
          case Unknown -> "Unknown";
        };
    return new Said(GateBoard.POOL_CONDITION, worst, reason, gates);
  }
}
