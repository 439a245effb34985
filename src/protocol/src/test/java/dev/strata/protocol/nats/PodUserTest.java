package dev.strata.protocol.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.protocol.Sealed;
import io.nats.client.NKey;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What stands in a pod is of use to that pod alone. */
class PodUserTest {
  private final String key = Sealed.newKey();

  @Test
  void whoHasTheKeyGetsTheSeedThatTheJwtWasMadeFor() {
    var user = PodUser.make(key, "pod-1", seed -> "jwt of " + seed);
    Credentials opened = PodUser.parse(user.asText()).open(key, "pod-1");
    assertThat(opened.jwt()).isEqualTo("jwt of " + opened.seed());
  }

  @Test
  void everyPodAndEverySaltHasItsOwnSeed() {
    var user = PodUser.make(key, "pod-1", seed -> "");
    var again = PodUser.make(key, "pod-1", seed -> "");
    assertThat(again.open(key, "pod-1").seed()).isNotEqualTo(user.open(key, "pod-1").seed());
    for (List<String> wrong : List.of(List.of(key, "pod-2"), List.of(Sealed.newKey(), "pod-1"))) {
      assertThatThrownBy(() -> user.open(wrong.get(0), wrong.get(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("it was made under another key or for another pod");
    }
    assertThatThrownBy(() -> new PodUser("c2hvcnQ=", "").open(key, "pod-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 bytes and not 24");
    for (String other : List.of("", "c2hvcnQ=", key.substring(0, 43) + "AAAA=")) {
      assertThatThrownBy(() -> PodUser.make(other, "pod-1", seed -> ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> PodUser.parse("eyJ")).isInstanceOf(IllegalArgumentException.class);
  }

  /** The derivation is agreed between versions: what an operator made, every agent opens. */
  @Test
  void theDerivationStays() {
    String zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    String salt = "AAAAAAAAAAAAAAAAAAAAABLhx9vJRZ/t";
    assertThat(new PodUser(salt, "").open(zeros, "pod-1").seed())
        .isEqualTo("SUANHREJ2AYOSU2GHEFA2FUYIOMWOJ4Y2VY3XPBUI3X6TMQGDZ4GHYQB4U");
  }

  @Property(tries = 200)
  void seedsAreWrittenAsTheClientLibraryWritesThem(@ForAll long random) throws Exception {
    byte[] key = new byte[UserSeed.KEY_BYTES];
    new Random(random).nextBytes(key);
    String text = UserSeed.text(key);
    assertThat(NKey.fromSeed(text.toCharArray()).getSeed()).isEqualTo(text.toCharArray());
    assertThat(UserSeed.key(text)).isEqualTo(key);
    String theirs = new String(NKey.createUser(null).getSeed());
    assertThat(UserSeed.text(UserSeed.key(theirs))).isEqualTo(theirs);
    assertThat(Arrays.asList(text, theirs)).allMatch(seed -> seed.length() == 58);
  }
}
