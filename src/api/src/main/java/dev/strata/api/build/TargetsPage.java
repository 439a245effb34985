package dev.strata.api.build;

import static java.util.stream.Collectors.joining;

import dev.strata.api.FedSignals;
import dev.strata.api.ShippedProfiles;
import dev.strata.api.v1alpha1.ObjectiveSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The page docs/targets.md: a numbered row for each target of the four shipped profiles. */
public final class TargetsPage {
  private static final String NOT_FED = "`NotExposed`";

  private static final String INTRO =
      """
      # The performance targets

      The %d objectives of the four profiles that Strata ships, one profile a layer. `make crds`
      writes this page from them; `kubectl get qgp` shows them in a cluster, and a `QualityGate`
      judges a pool by them.

      - **Window**: how far back is looked; with "last", so many of the latest events at most.
      - **n**: how many samples a verdict needs. With fewer the objective is Unknown.
      - **Required** decides whether a gate is satisfied, **Advisory** is shown.
      - **State**: who feeds the signal today. %s: nobody yet; the objective is Unknown with that
        reason, never met for want of a signal. %d of the %d are fed.

      | # | Layer | Target | What is measured | Signal | Window | n | Severity | State |
      |---|---|---|---|---|---|---|---|---|
      """;

  private TargetsPage() {}

  /**
   * The text of the page.
   *
   * @throws IllegalStateException if a source is named for a signal that no target has
   */
  public static String generate() {
    var sources = FedSignals.read();
    var rows = new ArrayList<String>();
    for (var profile : ShippedProfiles.read()) {
      for (var objective : profile.getSpec().objectives()) {
        var source = sources.remove(objective.signal());
        rows.add(
            row(
                rows.size() + 1,
                profile.getSpec().layer(),
                objective,
                source == null ? NOT_FED : source));
      }
    }
    if (!sources.isEmpty()) {
      throw new IllegalStateException(
          "signals.properties names signals that no target has: " + sources.keySet());
    }
    var fed = rows.stream().filter(row -> !row.contains(NOT_FED)).count();
    return INTRO.formatted(rows.size(), NOT_FED, fed, rows.size()) + String.join("", rows);
  }

  private static String row(int number, String layer, ObjectiveSpec objective, String state) {
    return List.of(
                String.valueOf(number),
                layer,
                objective.title(),
                objective.definition() == null ? "" : objective.definition(),
                "`" + objective.signal() + "`",
                window(objective),
                samples(objective),
                objective.severity(),
                state)
            .stream()
            .map(cell -> cell.strip().replace("|", "\\|"))
            .collect(joining(" | ", "| ", " |"))
        + "\n";
  }

  private static String window(ObjectiveSpec objective) {
    var span = Duration.ofSeconds(objective.windowSeconds());
    // 24 h and not a day, 7 d and not 168 h: as people say it.
    var text =
        span.toHours() > 24
            ? span.toDays() + " d"
            : span.toMinutes() >= 60 ? span.toHours() + " h" : span.toMinutes() + " min";
    return objective.lastEvents() == null
        ? text
        : "last " + objective.lastEvents() + " within " + text;
  }

  private static String samples(ObjectiveSpec objective) {
    return objective.minSamples() + " " + unit(objective);
  }

  private static String unit(ObjectiveSpec objective) {
    if (objective.share() != null) {
      return "events";
    } else if (objective.ratio() != null) {
      return "batches";
    } else if (objective.value() != null) {
      return "readings";
    }
    return objective.slices() != null ? "slices" : "points";
  }
}
