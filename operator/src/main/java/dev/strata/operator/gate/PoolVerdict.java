package dev.strata.operator.gate;

import dev.strata.core.gate.GateConditions;
import dev.strata.core.gate.GateConditions.Said;
import dev.strata.core.gate.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** One sentence of all gates of a pool: a violated one counts more than an unknown one. */
final class PoolVerdict {
  private PoolVerdict() {}

  static Said of(List<Watch> watches) {
    record Named(String gate, Said satisfied) {}
    List<Named> said =
        watches.stream()
            .map(
                w ->
                    new Named(
                        w.gate().getMetadata().getName(),
                        w.conditions().stream()
                            .filter(c -> c.type().equals("Satisfied"))
                            .findFirst()
                            .orElseThrow()))
            .sorted(Comparator.comparing(Named::gate))
            .toList();
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
    return new GateConditions.Said("QualityGatesSatisfied", worst, reason, gates);
  }
}
