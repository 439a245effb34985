/** Gates, taken up and judged without a cluster. */
package dev.strata.operator.gate;
