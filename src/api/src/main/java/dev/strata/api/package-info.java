/** The custom resources, and the objects of them that Strata ships. */
@NullMarked
package dev.strata.api;

import org.jspecify.annotations.NullMarked;
