/** What the checks find. */
package dev.strata.examples.doccheck;
