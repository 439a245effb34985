/** Rules about the whole of core. */
package dev.strata.core;
