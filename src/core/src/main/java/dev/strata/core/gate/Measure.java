package dev.strata.core.gate;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, as thresholds and targets are written: 500ms, 95%, 100MB, 1000/s, 80C.
 *
 * @param value in the base unit of its kind: milliseconds, a share (0.95 for 95%), bytes, per
 *     second, degrees Celsius, or the bare number
 * @param kind what is measured
 */
public record Measure(double value, Kind kind) {
  /** The kinds of units. */
  public enum Kind {
    DURATION,
    SHARE,
    /** A share of which little is good, such as of time that is lost. */
    PART,
    SIZE,
    RATE,
    TEMPERATURE,
    NUMBER
  }

  private static final int MOST_DIGITS = 12;
  private static final double ROUNDED_OFF = 1e-12;

  private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([A-Za-z%/]*)");

  private static final Map<String, Measure> UNITS =
      Map.ofEntries(
          Map.entry("ms", new Measure(1, Kind.DURATION)),
          Map.entry("s", new Measure(1_000, Kind.DURATION)),
          Map.entry("m", new Measure(60_000, Kind.DURATION)),
          Map.entry("h", new Measure(3_600_000, Kind.DURATION)),
          Map.entry("%", new Measure(0.01, Kind.SHARE)),
          Map.entry("B", new Measure(1, Kind.SIZE)),
          Map.entry("kB", new Measure(1e3, Kind.SIZE)),
          Map.entry("MB", new Measure(1e6, Kind.SIZE)),
          Map.entry("GB", new Measure(1e9, Kind.SIZE)),
          Map.entry("TB", new Measure(1e12, Kind.SIZE)),
          Map.entry("KiB", new Measure(1 << 10, Kind.SIZE)),
          Map.entry("MiB", new Measure(1 << 20, Kind.SIZE)),
          Map.entry("GiB", new Measure(1L << 30, Kind.SIZE)),
          Map.entry("TiB", new Measure(1L << 40, Kind.SIZE)),
          Map.entry("/s", new Measure(1, Kind.RATE)),
          Map.entry("C", new Measure(1, Kind.TEMPERATURE)),
          Map.entry("", new Measure(1, Kind.NUMBER)));

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is no number with a known unit
   */
  public static Measure parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    Measure unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "\"%s\" is no measure: write a number and a unit, such as 500ms, 2s, 95%%, 100MB, 1000/s or 80C"
              .formatted(text));
    }
    return new Measure(Double.parseDouble(matcher.group(1)) * unit.value(), unit.kind());
  }

  /**
   * Reads a text of one kind.
   *
   * @throws IllegalArgumentException when it is of another
   */
  public static double parse(String text, Kind kind) {
    Measure measure = parse(text);
    if (measure.kind() != kind) {
      throw new IllegalArgumentException(
          "\"%s\" is a %s where a %s is asked for: write it as %s"
              .formatted(text, word(measure.kind()), word(kind), example(kind)));
    }
    return measure.value();
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String example(Kind kind) {
    return switch (kind) {
      case DURATION -> "500ms";
      case SHARE -> "95%";
      case PART -> "5%";
      case SIZE -> "100MB";
      case RATE -> "1000/s";
      case TEMPERATURE -> "80C";
      case NUMBER -> "12";
    };
  }

  /** A value of this kind as people read it. */
  public static String show(double value, Kind kind) {
    return show(value, kind, kind == Kind.SHARE ? Figures.OF_SHARE : Figures.OF_VALUE);
  }

  /**
   * The same with as many digits as it takes to tell the value from a bound: 94.96 % is below 95 %,
   * and reads so.
   */
  public static String show(double value, Kind kind, double bound) {
    String text = show(value, kind);
    for (int digits = Figures.OF_VALUE; digits <= MOST_DIGITS && !text.isEmpty(); digits++) {
      if (side(parse(text).value(), bound) == side(value, bound)) {
        return text;
      }
      text = show(value, kind, digits);
    }
    return text;
  }

  /** Whether a value is below, at or above a bound; what a unit's factor rounds off is nothing. */
  private static int side(double value, double bound) {
    return Math.abs(value - bound) <= ROUNDED_OFF * Math.abs(bound)
        ? 0
        : Double.compare(value, bound);
  }

  private static String show(double value, Kind kind, int digits) {
    return switch (kind) {
      case SHARE -> Figures.share(value, digits);
      case PART -> Figures.value(value * 100, "%", digits);
      case SIZE -> Figures.value(value / 1e6, "MB", digits);
      case DURATION -> Figures.value(value, "ms", digits);
      case RATE -> Figures.value(value, "/s", digits);
      case TEMPERATURE -> Figures.value(value, "C", digits);
      case NUMBER -> Figures.value(value, "", digits);
    };
  }
}
