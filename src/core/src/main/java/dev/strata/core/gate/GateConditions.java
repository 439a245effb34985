package dev.strata.core.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is said of a gate: whether its targets hold, in all and by layer, and whether its signals
 * come in. Whether the gate itself is being evaluated is another condition: a verdict in Ready
 * would keep every delivery tool waiting.
 */
public final class GateConditions {
  /** More names than these are not told: the rows have them all. */
  private static final int MOST_NAMES = 3;

  private final Function<Row, String> figures;

  private GateConditions(Function<Row, String> figures) {
    this.figures = figures;
  }

  /**
   * One condition.
   *
   * @param status Met is shown as True, Violated as False
   * @param reason one word for machines
   * @param message a sentence for people
   */
  public record Said(String type, Verdict status, String reason, String message) {}

  /**
   * The conditions, in the order in which they are shown.
   *
   * @param holdOnMissing whether a Required target without evidence keeps the gate from being
   *     satisfied even where there was nothing to judge
   * @param fresh whether reports come in from all that should send them
   * @param figures what a violated row stands on, for people; asked for those alone that are named
   */
  public static List<Said> of(
      List<Row> rows, boolean holdOnMissing, boolean fresh, Function<Row, String> figures) {
    return new GateConditions(figures).of(rows, holdOnMissing, fresh);
  }

  private List<Said> of(List<Row> rows, boolean holdOnMissing, boolean fresh) {
    List<Said> said = new ArrayList<>();
    said.add(satisfied(rows, holdOnMissing));
    for (Layer layer : Layer.values()) {
      List<Row> own = rows.stream().filter(r -> r.objective().layer() == layer).toList();
      if (!own.isEmpty()) {
        said.add(layer(layer, own));
      }
    }
    said.add(signals(rows, fresh));
    BudgetHealth.of(rows).ifPresent(said::add);
    List<Row> flapping = rows.stream().filter(r -> r.standing().flapping()).toList();
    if (!flapping.isEmpty()) {
      said.add(
          new Said(
              "Flapping",
              Verdict.Met,
              "TransitionLimitExceeded",
              names(flapping)
                  + ": more than six changes within an hour. The verdict is held at Violated and"
                  + " nothing follows from it"));
    }
    return said;
  }

  private Said satisfied(List<Row> rows, boolean holdOnMissing) {
    List<Row> required = rows.stream().filter(r -> r.objective().required()).toList();
    List<Row> violated = required.stream().filter(Row::violated).toList();
    String counts = counts(rows);
    if (!violated.isEmpty()) {
      return new Said(
          "Satisfied", Verdict.Violated, "RequiredViolated", names(violated) + ". " + counts);
    }
    List<Row> blocking =
        required.stream().filter(r -> r.unknown() && (holdOnMissing || r.blind())).toList();
    if (!blocking.isEmpty()) {
      return new Said(
          "Satisfied",
          Verdict.Unknown,
          Objects.requireNonNull(blocking.getFirst().standing().cause()).name(),
          names(blocking) + ". " + counts);
    }
    if (required.stream().noneMatch(Row::met)) {
      return new Said(
          "Satisfied",
          Verdict.Unknown,
          required.isEmpty() ? "NothingRequired" : "InsufficientSamples",
          "no required target is met yet. " + counts);
    }
    return rows.stream().anyMatch(Row::violated)
        ? new Said(
            "Satisfied",
            Verdict.Met,
            "AdvisoryViolated",
            names(rows.stream().filter(Row::violated).toList()) + ", which is advisory. " + counts)
        : new Said("Satisfied", Verdict.Met, "AllMet", counts);
  }

  private Said layer(Layer layer, List<Row> rows) {
    String type = layer + "Met";
    List<Row> violated = rows.stream().filter(Row::violated).toList();
    if (!violated.isEmpty()) {
      return new Said(type, Verdict.Violated, "ObjectivesViolated", names(violated));
    }
    List<Row> required =
        rows.stream().filter(r -> r.objective().required() && r.unknown()).toList();
    if (!required.isEmpty()) {
      return new Said(type, Verdict.Unknown, "RequiredUnknown", names(required));
    }
    // No target met for want of a signal is not the layer's promise kept.
    return rows.stream().anyMatch(Row::met)
        ? new Said(type, Verdict.Met, "AllMet", counts(rows))
        : new Said(type, Verdict.Unknown, "NothingMeasured", counts(rows));
  }

  private Said signals(List<Row> rows, boolean fresh) {
    List<Row> blind = rows.stream().filter(Row::blind).toList();
    if (!blind.isEmpty()) {
      return new Said("SignalsAvailable", Verdict.Violated, "SomeMissing", names(blind));
    }
    return fresh
        ? new Said("SignalsAvailable", Verdict.Met, "AllFresh", "all reports come in")
        : new Said(
            "SignalsAvailable",
            Verdict.Violated,
            "Interrupted",
            "reports are missing; the verdicts are those of before");
  }

  /** Such as "27 of 33 met, 1 violated, 5 unknown (3 NotExposed, 2 NoDemand)". */
  static String counts(List<Row> rows) {
    long unknown = count(rows, Row::unknown);
    String causes =
        rows.stream()
            .filter(Row::unknown)
            .collect(
                Collectors.groupingBy(
                    r -> String.valueOf(r.standing().cause()), Collectors.counting()))
            .entrySet()
            .stream()
            .sorted(
                (a, b) ->
                    a.getValue().equals(b.getValue())
                        ? a.getKey().compareTo(b.getKey())
                        : Long.compare(b.getValue(), a.getValue()))
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    return "%d of %d met, %d violated, %d unknown%s"
        .formatted(
            count(rows, Row::met),
            rows.size(),
            count(rows, Row::violated),
            unknown,
            unknown == 0 ? "" : " (" + causes + ")");
  }

  private static long count(List<Row> rows, Predicate<Row> which) {
    return rows.stream().filter(which).count();
  }

  private String names(List<Row> rows) {
    List<Row> first = rows.stream().sorted(Row.WORST_FIRST).limit(MOST_NAMES).toList();
    return more(first.stream().map(this::name).collect(Collectors.joining(", ")), rows.size());
  }

  /** The first ones, and how many others there are. */
  static String named(List<String> all) {
    return more(all.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")), all.size());
  }

  private static String more(String first, int all) {
    return all > MOST_NAMES ? first + " and " + (all - MOST_NAMES) + " more" : first;
  }

  /** Such as "response-time is Violated (6%, at best 14%, target >= 90%, n 124)". */
  private String name(Row row) {
    Standing standing = row.standing();
    String why =
        standing.cause() != null
            ? standing.cause().name()
            : row.violated() ? figures.apply(row) : "";
    return row.objective().name()
        + " is "
        + standing.verdict()
        + (why.isEmpty() ? "" : " (" + why + ")");
  }
}
