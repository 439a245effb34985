@NullMarked
package dev.strata.api;

import org.jspecify.annotations.NullMarked;
