/** Whether the output of a task is correct. */
@NullMarked
package dev.strata.agent.validation;

import org.jspecify.annotations.NullMarked;
