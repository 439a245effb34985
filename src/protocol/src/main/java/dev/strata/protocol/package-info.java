/**
 * What goes over the wire between agents, node probe and operator: the envelope, the messages in
 * it, the subjects they travel on, and the interfaces behind which a message engine stands.
 */
@NullMarked
package dev.strata.protocol;

import org.jspecify.annotations.NullMarked;
