package dev.strata.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.operator.NatsUser.Wish;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NatsUserTest {
  @Test
  void poolNameAndDaysAreRead() {
    assertThat(Wish.of("agents/hello", "billing"))
        .isEqualTo(new Wish("agents", "hello", "billing", Duration.ofDays(30)));
    assertThat(Wish.of("agents/hello", "billing", "365").validity()).hasDays(365);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "agents/hello",
        "hello billing",
        "agents/hello a.b",
        "agents/hello billing 0",
        "agents/hello billing 366",
        "agents/hello billing week",
        "agents/hello billing 30 more"
      })
  void whatCannotBeReadIsAnsweredWithWhatToWrite(String line) {
    assertThatThrownBy(() -> Wish.of(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NAMESPACE/POOL NAME [DAYS]");
  }
}
