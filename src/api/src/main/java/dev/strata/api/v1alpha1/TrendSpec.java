package dev.strata.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** A slope that must not be provably above zero. There is nothing to set. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrendSpec() {}
