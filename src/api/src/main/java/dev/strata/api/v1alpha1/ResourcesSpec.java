package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** What a container asks for and may use at most. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "(!has(self.requests) || self.requests.all(k, type(self.requests[k]) == int ||"
            + " isQuantity(self.requests[k]))) && (!has(self.limits) || self.limits.all(k,"
            + " type(self.limits[k]) == int || isQuantity(self.limits[k])))",
    message =
        "an amount under resources is not a quantity: write CPU as 500m or 2 and memory as 64Mi or"
            + " 1Gi")
@JsonIgnoreProperties(ignoreUnknown = true)
public record ResourcesSpec(
    @JsonPropertyDescription(
            "Amounts that the scheduler sets aside, by resource, such as cpu: 100m and memory:"
                + " 64Mi.")
        Map<String, Quantity> requests,
    @JsonPropertyDescription(
            "Amounts that the container may not exceed, by resource, such as memory: 128Mi.")
        Map<String, Quantity> limits) {

  public ResourcesSpec {
    requests = Copies.of(requests);
    limits = Copies.of(limits);
  }
}
