/** Turns the records of the API into the CRD files of crds/ and of the chart. */
@NullMarked
package dev.strata.api.build;

import org.jspecify.annotations.NullMarked;
