package dev.strata.core.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Figures as people read them. A good share is rounded on its bad part, so that 99.42 % is never
 * shown as 99 %, and one that is not quite everything never as 100 %.
 */
public final class Figures {
  /** Digits of a share's bad part, where nobody asks for more. */
  static final int OF_SHARE = 2;

  /** Digits of a value, likewise. */
  static final int OF_VALUE = 3;

  private Figures() {}

  /**
   * A share in percent.
   *
   * @param share 0 to 1; NaN gives an empty text
   */
  public static String share(double share) {
    return share(share, OF_SHARE);
  }

  static String share(double share, int digits) {
    if (Double.isNaN(share)) {
      return "";
    }
    BigDecimal hundred = BigDecimal.valueOf(100);
    BigDecimal bad =
        BigDecimal.ONE
            .subtract(BigDecimal.valueOf(share))
            .multiply(hundred)
            .round(new MathContext(digits, RoundingMode.HALF_UP));
    return plain(hundred.subtract(bad)) + "%";
  }

  /** A value with three digits and its unit; NaN gives an empty text. */
  public static String value(double value, String unit) {
    return value(value, unit, OF_VALUE);
  }

  static String value(double value, String unit, int digits) {
    if (Double.isNaN(value)) {
      return "";
    }
    return plain(BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_UP)))
        + unit;
  }

  /** A span of whole seconds in its largest unit, such as 5m. */
  public static String span(Duration span) {
    long seconds = span.toSeconds();
    if (seconds % 86_400 == 0) {
      return span.toDays() + "d";
    }
    if (seconds % 3_600 == 0) {
      return span.toHours() + "h";
    }
    return seconds % 60 == 0 ? span.toMinutes() + "m" : seconds + "s";
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
