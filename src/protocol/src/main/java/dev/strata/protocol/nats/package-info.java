/**
 * The NATS provider: core NATS for messages, JetStream for work, decentralised JWTs for identity.
 */
@NullMarked
package dev.strata.protocol.nats;

import org.jspecify.annotations.NullMarked;
