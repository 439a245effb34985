package dev.strata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an agent works, as the operator hands it to the pod in the environment variable {@link
 * AgentEnvironment#CONFIG} (JSON).
 *
 * @param handler what executes tasks
 * @param concurrency tasks at a time, 1 to 64
 * @param taskTimeoutMillis limit of one handler attempt, 100 ms to 24 h
 * @param maxAttempts handler attempts a task gets, 1 to 20
 * @param backoffMillis delay before the second attempt, doubled for each further one
 * @param maxBackoffMillis upper bound of that delay
 * @param drainMillis how long a draining agent may finish what it has before it hands it back
 * @param maxOutputBytes the largest output of a handler; more is a failed attempt
 * @param validation what outputs are judged by; null: they are not judged
 */
public record AgentConfig(
    Handler handler,
    int concurrency,
    long taskTimeoutMillis,
    int maxAttempts,
    long backoffMillis,
    long maxBackoffMillis,
    long drainMillis,
    int maxOutputBytes,
    // Left out where there is none: pods of pools without it stay what they are.
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Validation validation) {

  /** An agent whose outputs are not judged. */
  public AgentConfig(
      Handler handler,
      int concurrency,
      long taskTimeoutMillis,
      int maxAttempts,
      long backoffMillis,
      long maxBackoffMillis,
      long drainMillis,
      int maxOutputBytes) {
    this(
        handler,
        concurrency,
        taskTimeoutMillis,
        maxAttempts,
        backoffMillis,
        maxBackoffMillis,
        drainMillis,
        maxOutputBytes,
        null);
  }

  /** How many agents judge an output together; 1 where no majority does. */
  public int voters() {
    return validation == null ? 1 : Math.max(1, validation.majority());
  }

  /** Whether another pool is asked to judge outputs. */
  public boolean asksVerifier() {
    return validation != null && validation.verifier() != null && !validation.verifier().isEmpty();
  }

  /** Whether another pool was to be asked and there was none when the pod was made. */
  public boolean lacksVerifier() {
    return validation != null && validation.verifier() != null && validation.verifier().isEmpty();
  }

  /** How many calls of the handler there are at a time: for tasks, and for peers that ask. */
  public int callsAtATime() {
    return voters() > 1 ? 2 * concurrency : concurrency;
  }

  /** Exactly one of the four is not null. */
  public record Handler(
      @Nullable Java java, @Nullable Exec exec, @Nullable Http http, @Nullable OpenAi openai) {}

  /**
   * A class on the image's class path, found by ServiceLoader.
   *
   * @param name what the class says of itself in {@code TaskHandler.name()}
   */
  public record Java(String name) {}

  /**
   * A program.
   *
   * @param command program and arguments
   * @param jsonLines false: one process a task, input on stdin, output from stdout, exit status 0
   *     is success; true: one long-lived process a slot that reads {@code {"id":..,"input":..}}
   *     lines and answers {@code {"id":..,"output":..}} or {@code {"id":..,"error":..}}
   */
  public record Exec(List<String> command, boolean jsonLines) {}

  /**
   * An HTTP endpoint that gets the input as the body of a POST and answers with the output; 2xx is
   * success.
   *
   * @param url where, http or https
   */
  public record Http(String url) {}

  /**
   * An OpenAI-compatible chat endpoint. The key comes in {@link AgentEnvironment#OPENAI_API_KEY}.
   *
   * @param baseUrl such as https://api.example.com/v1
   * @param model model name
   * @param systemPrompt put before the input; may be null
   */
  public record OpenAi(String baseUrl, String model, @Nullable String systemPrompt) {}

  /**
   * What makes an output correct. Exactly one of pattern, jsonSchema, reference, majority and
   * verifier is given.
   *
   * @param pattern regular expression of java.util.regex that the whole output matches
   * @param jsonSchema JSON Schema that the output satisfies, as text
   * @param reference whether the output equals the reference answer that came with the task
   * @param majority of how many agents more than half give an equal output, 3 to 9; 0: not judged
   *     so
   * @param verifier UID of the pool that is asked whether an output is correct; empty when it could
   *     not be asked when the pod was made; null: not judged so
   * @param failing whether an incorrect output is a failed attempt; else it is only counted
   */
  public record Validation(
      @Nullable String pattern,
      @Nullable String jsonSchema,
      boolean reference,
      // Left out like the section itself, for the same reason.
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int majority,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String verifier,
      boolean failing) {}
}
