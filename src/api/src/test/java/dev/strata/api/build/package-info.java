@NullMarked
package dev.strata.api.build;

import org.jspecify.annotations.NullMarked;
