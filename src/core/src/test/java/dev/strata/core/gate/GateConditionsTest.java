package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is said of a gate. A table's rows are written "r:Met a:Unknown/Stale": a required and an
 * advisory target, each with its verdict and the cause of an Unknown.
 */
class GateConditionsTest {
  private static List<Row> rows(String text, Layer layer) {
    List<Row> rows = new ArrayList<>();
    for (String word : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      String[] parts = word.split("[:/]", -1);
      Cause cause = parts.length > 2 ? Cause.valueOf(parts[2]) : null;
      rows.add(row("t" + (rows.size() + 1), layer, parts[0].equals("r"), parts[1], cause, false));
    }
    return rows;
  }

  private static Row row(
      String name,
      Layer layer,
      boolean required,
      String verdict,
      @Nullable Cause cause,
      boolean flapping) {
    var objective =
        new Objective(
            name, layer, required, new Rule.Share(0.95), Window.of(Duration.ofMinutes(5)), 59, 1);
    var standing =
        new Standing(
            Verdict.valueOf(verdict),
            cause,
            0,
            null,
            0,
            0,
            0,
            -1,
            0,
            true,
            -1,
            List.of(),
            flapping);
    return new Row(objective, standing, Evidence.lacking(Cause.Warming));
  }

  private static Map<String, GateConditions.Said> said(
      List<Row> rows, boolean hold, boolean fresh) {
    return GateConditions.of(rows, hold, fresh, row -> "").stream()
        .collect(Collectors.toMap(GateConditions.Said::type, Function.identity()));
  }

  private static String of(Map<String, GateConditions.Said> said, String type) {
    GateConditions.Said one = said.get(type);
    return one == null ? "absent" : one.status() + " " + one.reason();
  }

  @ParameterizedTest
  @CsvSource({
    "r:Met, false, Met AllMet",
    "r:Met r:Violated, false, Violated RequiredViolated",
    "r:Violated r:Unknown/Stale, false, Violated RequiredViolated",
    "r:Met a:Violated, false, Met AdvisoryViolated",
    "a:Met, false, Unknown NothingRequired",
    "a:Violated, false, Unknown NothingRequired",
    "r:Met r:Unknown/NoDemand, false, Met AllMet",
    "r:Met r:Unknown/NoDemand, true, Unknown NoDemand",
    "r:Met r:Unknown/Stale, false, Unknown Stale",
    "r:Met a:Unknown/Stale, false, Met AllMet",
    "r:Met a:Unknown/Stale, true, Met AllMet",
    "r:Unknown/NoDemand r:Unknown/NotExposed, false, Unknown InsufficientSamples",
    "r:Unknown/NoDemand a:Met, false, Unknown InsufficientSamples",
    "'', false, Unknown NothingRequired"
  })
  void satisfied(String rows, boolean hold, String expected) {
    assertThat(of(said(rows(rows, Layer.Transport), hold, true), "Satisfied")).isEqualTo(expected);
  }

  @Test
  void eachCauseBlocksAsItsKindSays() {
    for (Cause cause : Cause.values()) {
      String text = "r:Met r:Unknown/" + cause;
      Map<String, GateConditions.Said> said = said(rows(text, Layer.Physical), false, true);
      boolean neutral =
          List.of(
                  Cause.InsufficientSamples,
                  Cause.WindowIncomplete,
                  Cause.NoDemand,
                  Cause.NotApplicable,
                  Cause.NoCapacityConfigured,
                  Cause.NotExposed)
              .contains(cause);
      assertThat(of(said, "Satisfied")).isEqualTo(neutral ? "Met AllMet" : "Unknown " + cause);
      assertThat(of(said, "SignalsAvailable"))
          .isEqualTo(neutral ? "Met AllFresh" : "Violated SomeMissing");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "r:Met a:Met, Met AllMet",
    "r:Met a:Unknown/NoDemand, Met AllMet",
    "r:Met a:Violated, Violated ObjectivesViolated",
    "r:Unknown/NoDemand a:Met, Unknown RequiredUnknown",
    "r:Unknown/NoDemand a:Violated, Violated ObjectivesViolated",
    "a:Unknown/NotExposed a:Unknown/NoDemand, Unknown NothingMeasured"
  })
  void layers(String rows, String expected) {
    for (Layer layer : Layer.values()) {
      Map<String, GateConditions.Said> said = said(rows(rows, layer), false, true);
      for (Layer other : Layer.values()) {
        assertThat(of(said, other + "Met")).isEqualTo(other == layer ? expected : "absent");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "r:Met, true, Met AllFresh",
    "r:Met, false, Violated Interrupted",
    "r:Met a:Unknown/SourceError, true, Violated SomeMissing",
    "r:Met a:Unknown/NotExposed, true, Met AllFresh"
  })
  void signals(String rows, boolean fresh, String expected) {
    assertThat(of(said(rows(rows, Layer.Transport), false, fresh), "SignalsAvailable"))
        .isEqualTo(expected);
  }

  @Test
  void flappingIsSaidOnlyWhileItIs() {
    Row frozen = row("slow", Layer.Transport, true, "Violated", null, true);
    assertThat(said(List.of(frozen), false, true).get("Flapping").message())
        .startsWith("slow is Violated: more than six changes within an hour");
    assertThat(said(rows("r:Violated", Layer.Transport), false, true))
        .doesNotContainKey("Flapping");
  }

  private static final Burn BURN = new Burn(0.95, 14.4, Duration.ofHours(1), Duration.ofMinutes(5));

  /** A target t1, t2, ... for each verdict on a burn; "-" has none. */
  private static List<Row> burns(String text) {
    List<Row> rows = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      Row row = row("t" + (rows.size() + 1), Layer.Transport, true, "Met", null, false);
      BurnRate burn =
          word.equals("-") ? null : new BurnRate(BURN, Verdict.valueOf(word), 16.2, 18.04, -1);
      rows.add(new Row(row.objective(), row.standing(), row.evidence(), burn));
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "-, absent",
    "- Met, Met WithinBudget",
    "Met Violated, Violated FastBurn",
    "Unknown Violated, Violated FastBurn",
    "Met Unknown, Met WithinBudget",
    "- Unknown, Unknown InsufficientSamples"
  })
  void budgets(String burns, String expected) {
    Map<String, GateConditions.Said> said = said(burns(burns), false, true);
    assertThat(of(said, "BudgetHealthy")).isEqualTo(expected);
    assertThat(of(said, "Satisfied")).as("it decides nothing").isEqualTo("Met AllMet");
    assertThat(of(said, "TransportMet")).isEqualTo("Met AllMet");
  }

  @Test
  void burnsAreNamedWithTheirRates() {
    assertThat(budget("Met Violated")).isEqualTo("t2" + RATES);
    assertThat(budget("Violated Violated - Violated Violated Violated"))
        .isEqualTo("t1%1$s, t2%1$s, t4%1$s and 2 more".formatted(RATES));
    assertThat(budget("Met Unknown"))
        .isEqualTo(
            "no error budget burns too fast; nothing is known of t2: too few events, or too little"
                + " of them was seen");
    assertThat(budget("Unknown")).isEqualTo("t1: too few events, or too little of them was seen");
  }

  private static final String RATES = " burns 16.2 times its budget over 1h and 18 times over 5m";

  private static String budget(String burns) {
    return said(burns(burns), false, true).get("BudgetHealthy").message();
  }

  @Test
  void withoutItsRatesAMessageChangesOnlyWithWhatBurns() {
    Row row = burns("Violated").getFirst();
    var faster = new BurnRate(BURN, Verdict.Violated, 20, Double.NaN, -1);
    Row later = new Row(row.objective(), row.standing(), row.evidence(), faster);
    String message = said(List.of(later), false, true).get("BudgetHealthy").message();
    assertThat(message).isEqualTo("t1 burns 20 times its budget over 1h and 0 times over 5m");
    assertThat(BudgetHealth.withoutRates(message))
        .isEqualTo(BudgetHealth.withoutRates(budget("Violated")))
        .isNotEqualTo(BudgetHealth.withoutRates(budget("Violated Violated")));
  }

  @Test
  void messagesCountAndNameThreeAtMost() {
    List<Row> rows =
        rows(
            "r:Violated r:Violated r:Violated r:Violated a:Unknown/NoDemand a:Unknown/NotExposed"
                + " a:Unknown/NotExposed a:Met",
            Layer.Transport);
    assertThat(said(rows, false, true).get("Satisfied").message())
        .isEqualTo(
            "t1 is Violated, t2 is Violated, t3 is Violated and 1 more. "
                + "1 of 8 met, 4 violated, 3 unknown (2 NotExposed, 1 NoDemand)");
  }

  private static Row violated(String name, boolean required, Rule rule, double estimate) {
    Row row = row(name, Layer.Transport, required, "Violated", null, false);
    Objective old = row.objective();
    return new Row(
        new Objective(name, old.layer(), required, rule, old.window(), old.minSamples(), 1),
        row.standing(),
        new Evidence(estimate, estimate, false, true, false, 124, 1, 1, null));
  }

  @Test
  void theFurthestBeyondItsTargetIsNamedFirstWithItsFigures() {
    Row advisory = violated("advisory", false, new Rule.Share(0.95), 0);
    // Of 5 allowed 10 are bad; half as much again as is allowed; four times as much; a third.
    Row twice = violated("twice", true, new Rule.Share(0.95), 0.9);
    Row half = violated("half", true, new Rule.Value(Side.AtMost, 100), 150);
    Row fourfold = violated("fourfold", true, new Rule.Ratio(Side.AtMost, 0.1), 0.4);
    Row third = violated("third", true, new Rule.Value(Side.AtLeast, 90), 30);
    var asked = new ArrayList<Row>();
    List<GateConditions.Said> said =
        GateConditions.of(
            List.of(advisory, half, twice, fourfold, third),
            false,
            true,
            row -> {
              asked.add(row);
              return "n " + row.evidence().samples();
            });
    assertThat(said.getFirst().message())
        .startsWith(
            "fourfold is Violated (n 124), third is Violated (n 124), twice is Violated (n 124)"
                + " and 1 more. ");
    assertThat(asked).as("figures of those alone that are named").doesNotContain(half);
    assertThat(said.get(1).message()).as("of the layer").startsWith("fourfold is Violated (n 124)");
  }
}
