package dev.strata.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * A number of live agents that do one kind of work.
 *
 * <p>The name stands in labels and in the names of Leases and of a Service, with an ordinal behind
 * it: hence the rules about it.
 */
@Group("strata.dev")
@Version("v1alpha1")
@Plural("agentpools")
@Singular("agentpool")
@ShortNames("ap")
@Categories("strata")
@ValidationRule(
    value = "size(self.metadata.name) <= 40",
    message =
        "the name of a pool has at most 40 characters, because labels carry it with a number behind"
            + " it: shorten metadata.name")
@ValidationRule(
    value = "!self.metadata.name.contains('.')",
    message = "the name of a pool has no dots: use '-' in metadata.name instead")
@ValidationRule(
    value = "self.metadata.name.contains('.') || self.metadata.name.matches('^[a-z]')",
    message =
        "the name of a pool starts with a letter, because a Service carries it: put a letter first"
            + " in metadata.name")
@ValidationRule(
    value = "has(self.spec)",
    message = "a pool needs a spec: write at least spec.agent.handler")
public final class AgentPool extends CustomResource<AgentPoolSpec, AgentPoolStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Null: a record has no empty form, and the API server refuses a pool without a spec. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected AgentPoolSpec initSpec() {
    return null;
  }

  /** Null: a status that is created here would be taken for one that was observed. */
  @Override
  @SuppressWarnings("NullAway") // the superclass asks for null where there is no value yet
  protected AgentPoolStatus initStatus() {
    return null;
  }

  /** What was last reported, null before the first report. */
  @Override
  public @Nullable AgentPoolStatus getStatus() {
    return super.getStatus();
  }
}
