package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each unit that the schema lets through has a value and a kind. */
class MeasureTest {
  @ParameterizedTest
  @CsvSource({
    "95%, 0.95, SHARE",
    "500ms, 500, DURATION",
    "2s, 2000, DURATION",
    "1.5m, 90000, DURATION",
    "1h, 3600000, DURATION",
    "10B, 10, SIZE",
    "1kB, 1000, SIZE",
    "100MB, 1e8, SIZE",
    "1GB, 1e9, SIZE",
    "2TB, 2e12, SIZE",
    "1KiB, 1024, SIZE",
    "1MiB, 1048576, SIZE",
    "4GiB, 4294967296, SIZE",
    "1TiB, 1099511627776, SIZE",
    "1000/s, 1000, RATE",
    "80C, 80, TEMPERATURE"
  })
  void unitsHaveAValueAndAKind(String text, double value, Measure.Kind kind) {
    assertThat(Measure.parse(text).kind()).isEqualTo(kind);
    assertThat(Measure.parse(text).value()).isCloseTo(value, withinPercentage(1e-9));
  }

  @Test
  void anotherKindIsToldWhatToWrite() {
    assertThatThrownBy(() -> Measure.parse("95%", Measure.Kind.SIZE))
        .hasMessage("\"95%\" is a share where a size is asked for: write it as 100MB");
    assertThatThrownBy(() -> Measure.parse("500us")).hasMessageContaining("is no measure");
  }
}
