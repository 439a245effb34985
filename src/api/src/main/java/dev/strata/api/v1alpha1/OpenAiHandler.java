package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A chat endpoint that speaks the OpenAI protocol.
 *
 * @param baseUrl address up to and without {@code /chat/completions}
 * @param model model name
 * @param systemPrompt put before the input
 * @param apiKeySecretRef where the key is; none for an endpoint without keys
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "isURL(self.baseUrl) && self.baseUrl.matches('^https?://[^/ ]')",
    fieldPath = ".baseUrl",
    message =
        "the baseUrl of an openai handler is a whole http or https address: write it as"
            + " https://api.example.com/v1")
@ValidationRule(
    value = "size(self.model) > 0",
    fieldPath = ".model",
    message = "an openai handler needs a model: write the name that the endpoint knows it by")
@JsonIgnoreProperties(ignoreUnknown = true)
public record OpenAiHandler(
    @JsonPropertyDescription(
            "Address of the endpoint without /chat/completions, such as"
                + " https://api.example.com/v1.")
        @Required
        String baseUrl,
    @JsonPropertyDescription("Name of the model as the endpoint knows it.") @Required String model,
    @JsonPropertyDescription("Text put before the task's input as the system message.")
        @Nullable String systemPrompt,
    @JsonPropertyDescription(
            "The key of a Secret in the pool's namespace that holds the API key. Left out: requests"
                + " carry no key.")
        @Nullable ApiKeyRef apiKeySecretRef) {

  /**
   * Where an API key is.
   *
   * @param name Secret in the pool's namespace
   * @param key key in it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ApiKeyRef(
      @JsonPropertyDescription("Name of the Secret.") @Required String name,
      @JsonPropertyDescription("Key in the Secret whose value is the API key.") @Default("api-key")
          String key) {}
}
