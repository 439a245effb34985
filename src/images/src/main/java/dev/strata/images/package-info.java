/** Makes the container images without a container engine. */
@NullMarked
package dev.strata.images;

import org.jspecify.annotations.NullMarked;
