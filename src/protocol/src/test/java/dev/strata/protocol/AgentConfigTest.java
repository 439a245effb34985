package dev.strata.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

/** What the operator writes into pods, and what agents read of it. */
class AgentConfigTest {
  private static final AgentConfig.Handler ECHO =
      new AgentConfig.Handler(new AgentConfig.Java("echo"), null, null, null);

  private static AgentConfig config(AgentConfig.Validation validation) {
    return new AgentConfig(ECHO, 4, 1000, 3, 10, 40, 2000, 10_000, validation);
  }

  private static String json(AgentConfig config) throws JsonProcessingException {
    return Messages.mapper().writeValueAsString(config);
  }

  @Test
  void podsOfPoolsWithoutANewSettingStayWhatTheyAre() throws Exception {
    assertThat(json(config(null))).doesNotContain("validation");
    var pattern = config(new AgentConfig.Validation("[a-z]", null, false, 0, null, true));
    assertThat(json(pattern)).contains("pattern").doesNotContain("majority", "verifier");
    assertThat(Messages.mapper().readValue(json(pattern), AgentConfig.class)).isEqualTo(pattern);
    assertThat(pattern.voters()).isEqualTo(1);
    assertThat(pattern.callsAtATime()).isEqualTo(4);
  }

  @Test
  void aMajorityCallsTheHandlerForPeersToo() throws Exception {
    var majority = config(new AgentConfig.Validation(null, null, false, 5, null, false));
    assertThat(Messages.mapper().readValue(json(majority), AgentConfig.class)).isEqualTo(majority);
    assertThat(majority.voters()).isEqualTo(5);
    assertThat(majority.callsAtATime()).isEqualTo(8);
  }

  @Test
  void aVerifierIsAskedWhereThereWasOne() throws Exception {
    var verifier = config(new AgentConfig.Validation(null, null, false, 0, "uid", false));
    assertThat(Messages.mapper().readValue(json(verifier), AgentConfig.class)).isEqualTo(verifier);
    assertThat(verifier.asksVerifier()).isTrue();
    assertThat(verifier.lacksVerifier()).isFalse();
    assertThat(verifier.callsAtATime()).isEqualTo(4);
    var missing = config(new AgentConfig.Validation(null, null, false, 0, "", false));
    assertThat(Messages.mapper().readValue(json(missing), AgentConfig.class)).isEqualTo(missing);
    assertThat(missing.asksVerifier()).isFalse();
    assertThat(missing.lacksVerifier()).isTrue();
    assertThat(config(null).asksVerifier() || config(null).lacksVerifier()).isFalse();
  }
}
