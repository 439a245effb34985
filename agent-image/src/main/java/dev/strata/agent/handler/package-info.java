/** What executes tasks: a class, a program, an HTTP endpoint or a language model. */
@NullMarked
package dev.strata.agent.handler;

import org.jspecify.annotations.NullMarked;
