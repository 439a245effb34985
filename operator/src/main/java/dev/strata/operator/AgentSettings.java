package dev.strata.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.api.v1alpha1.AgentPoolSpec;
import dev.strata.api.v1alpha1.AgentSpec;
import dev.strata.api.v1alpha1.ExecHandler;
import dev.strata.api.v1alpha1.HandlerSpec;
import dev.strata.api.v1alpha1.ValidationSpec;
import dev.strata.protocol.AgentConfig;
import org.jspecify.annotations.Nullable;

/** Turns what the user wrote about agents into what an agent reads. */
final class AgentSettings {
  /**
   * The largest output of a handler: what a result message can carry with room for its other
   * fields.
   */
  private static final int MAX_OUTPUT_BYTES = 512 * 1024;

  private AgentSettings() {}

  /**
   * @param verifier UID of the pool that judges outputs; null when there is none
   */
  static String json(ObjectMapper json, AgentPoolSpec spec, @Nullable String verifier) {
    try {
      return json.writeValueAsString(of(spec, verifier));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the agent settings cannot be written", e);
    }
  }

  static AgentConfig of(AgentPoolSpec spec, @Nullable String verifier) {
    AgentSpec agent = spec.agent();
    return new AgentConfig(
        handler(agent.handler()),
        agent.concurrency(),
        agent.timeoutSeconds() * 1000L,
        agent.retry().maxAttempts(),
        agent.retry().backoffMillis(),
        agent.retry().maxBackoffMillis(),
        spec.drain().timeoutSeconds() * 1000L,
        MAX_OUTPUT_BYTES,
        validation(agent.validation(), verifier));
  }

  private static AgentConfig.@Nullable Validation validation(
      @Nullable ValidationSpec spec, @Nullable String verifier) {
    return spec == null
        ? null
        : new AgentConfig.Validation(
            spec.pattern(),
            spec.jsonSchema(),
            Boolean.TRUE.equals(spec.reference()),
            spec.majority() == null ? 0 : spec.majority(),
            spec.verifier() == null || verifier != null ? verifier : "",
            spec.onFailure() == ValidationSpec.OnFailure.FAIL);
  }

  private static AgentConfig.Handler handler(HandlerSpec handler) {
    var java = handler.java();
    var exec = handler.exec();
    var http = handler.http();
    var openai = handler.openai();
    return new AgentConfig.Handler(
        java == null ? null : new AgentConfig.Java(java.name()),
        exec == null
            ? null
            : new AgentConfig.Exec(exec.command(), exec.mode() == ExecHandler.Mode.JSON_LINES),
        http == null ? null : new AgentConfig.Http(http.url()),
        openai == null
            ? null
            : new AgentConfig.OpenAi(openai.baseUrl(), openai.model(), openai.systemPrompt()));
  }
}
