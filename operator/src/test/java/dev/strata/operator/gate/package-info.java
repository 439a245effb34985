/** Gates, taken up and judged without a cluster. */
@org.jspecify.annotations.NullMarked
package dev.strata.operator.gate;
