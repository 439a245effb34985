/** A handler of one's own: checks documents. */
@NullMarked
package dev.strata.examples.doccheck;

import org.jspecify.annotations.NullMarked;
