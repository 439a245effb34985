package dev.strata.agent.handler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Messages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Asks an OpenAI-compatible chat endpoint: the input is the user's message, the output the text of
 * the first choice. Retries are the agent's own, by attempts with backoff.
 */
final class OpenAiHandler implements TaskHandler {
  /** What JSON, token counts and log probabilities add around the text. */
  private static final int ENVELOPE_BYTES = 64 * 1024;

  private final URI endpoint;
  private final AgentConfig.OpenAi config;
  private final @Nullable String key;
  private final int maxOutputBytes;
  private final HttpClient client = HttpHandler.client();

  OpenAiHandler(URI base, AgentConfig.OpenAi config, @Nullable String key, int maxOutputBytes) {
    String text = base.toString();
    this.endpoint = URI.create((text.endsWith("/") ? text : text + "/") + "chat/completions");
    this.config = config;
    this.key = key;
    this.maxOutputBytes = maxOutputBytes;
  }

  @Override
  public String name() {
    return "openai";
  }

  @Override
  public String handle(TaskInput input) throws Exception {
    var request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(input.input())));
    if (key != null && !key.isBlank()) {
      request.header("Authorization", "Bearer " + key.strip());
    }
    String answer = HttpHandler.send(client, request.build(), 2 * maxOutputBytes + ENVELOPE_BYTES);
    return content(answer);
  }

  private String body(String input) {
    ObjectNode body = Messages.mapper().createObjectNode().put("model", config.model());
    ArrayNode messages = body.putArray("messages");
    if (config.systemPrompt() != null) {
      messages.addObject().put("role", "system").put("content", config.systemPrompt());
    }
    messages.addObject().put("role", "user").put("content", input);
    return body.toString();
  }

  private static String content(String answer) throws HandlerFailure {
    try {
      JsonNode content = Messages.mapper().readTree(answer).at("/choices/0/message/content");
      if (content.isTextual()) {
        return content.textValue();
      }
    } catch (JsonProcessingException e) {
      // Falls through to the sentence below.
    }
    throw new HandlerFailure(
        "BadAnswer", "the endpoint's answer has no choices[0].message.content");
  }
}
