/** An example handler: checks Markdown and YAML documents. */
@NullMarked
package dev.strata.examples.doccheck;

import org.jspecify.annotations.NullMarked;
