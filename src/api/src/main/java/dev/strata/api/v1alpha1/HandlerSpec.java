package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What executes a task. Exactly one is not null, and it stays the same one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "[has(self.java), has(self.exec), has(self.http), has(self.openai)].exists_one(h, h)",
    message =
        "a pool has exactly one handler: write one of java, exec, http or openai under"
            + " spec.agent.handler")
@ValidationRule(
    value =
        "has(self.java) == has(oldSelf.java) && has(self.exec) == has(oldSelf.exec) &&"
            + " has(self.http) == has(oldSelf.http) && has(self.openai) == has(oldSelf.openai)",
    message = "the kind of handler of a pool cannot be changed: make a new pool for the other kind")
@JsonIgnoreProperties(ignoreUnknown = true)
public record HandlerSpec(
    @JsonPropertyDescription("A Java class on the class path of the agent's image.")
        @Nullable JavaHandler java,
    @JsonPropertyDescription("A program in any language, started inside the agent's container.")
        @Nullable ExecHandler exec,
    @JsonPropertyDescription(
            "An HTTP endpoint, such as a sidecar on localhost or a Service: the task's input is the"
                + " body of a POST, the answer is the output, a 2xx status is success.")
        @Nullable HttpHandler http,
    @JsonPropertyDescription("A chat endpoint that speaks the OpenAI protocol.")
        @Nullable OpenAiHandler openai) {}
