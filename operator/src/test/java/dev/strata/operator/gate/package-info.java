/** Tests of what gates need of the operator. */
@org.jspecify.annotations.NullMarked
package dev.strata.operator.gate;
