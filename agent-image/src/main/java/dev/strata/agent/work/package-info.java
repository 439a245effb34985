/** The task lane as an agent sees it: fetch, execute, store, acknowledge. */
@NullMarked
package dev.strata.agent.work;

import org.jspecify.annotations.NullMarked;
