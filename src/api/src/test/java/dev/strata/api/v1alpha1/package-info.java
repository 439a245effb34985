@NullMarked
package dev.strata.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
