package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private final NatsAccounts accounts = NatsAccounts.generate(Clock.systemUTC());
  private final Credentials user =
      accounts.submitter("pool", "billing", Duration.ofDays(1), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void nameAndExpiryAreThoseOfTheJwt() {
    assertThat(user.name()).matches("user_billing_U[A-Z2-7]{55}");
    assertThat(user.expiry()).isEqualTo(NOW.plus(Duration.ofDays(1)));
    assertThat(accounts.administrator("admin", Clock.systemUTC()).expiry()).isEqualTo(Instant.MAX);
  }

  @Test
  void twoUsersOfOneLabelHaveInboxesOfTheirOwn() {
    Credentials other =
        accounts.submitter("another-pool", "billing", Duration.ofDays(1), Clock.systemUTC());
    assertThat(other.name()).isNotEqualTo(user.name());
  }

  @Test
  void bothTextsAreRead() {
    assertThat(Credentials.parse(user.asText())).isEqualTo(user);
    assertThat(Credentials.parse(user.asFile())).isEqualTo(user);
    assertThat(Credentials.parse(user.asFile().replace("\n", "\r\n"))).isEqualTo(user);
  }

  @Test
  void whatLacksALineIsRefused() {
    assertThatThrownBy(() -> Credentials.parse(user.jwt()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("credentials are two lines, a JWT and a seed; got 1 lines");
  }
}
