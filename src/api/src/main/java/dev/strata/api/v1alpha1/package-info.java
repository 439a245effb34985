/**
 * The custom resources that a user writes and reads, as records. Defaults and rules stand in the
 * schema, so the API server fills in and refuses; no code here repeats them. Lists and maps are
 * never null, sections and lists with a default neither when the object comes from the API server.
 * Fields that a later version added are skipped: an operator that was rolled back keeps reading.
 */
@NullMarked
package dev.strata.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
