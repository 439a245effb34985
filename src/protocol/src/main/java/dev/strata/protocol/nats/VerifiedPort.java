package dev.strata.protocol.nats;

import io.nats.client.Connection;
import io.nats.client.impl.SocketDataPort;
import java.io.IOException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The socket under a TLS connection. That of jnats 2.26.2 takes a certificate whatever name is in
 * it; this one wants the name that the URL has. jnats makes it, by the name of the class.
 */
public final class VerifiedPort extends SocketDataPort {
  /** How a certificate's names are compared (RFC 2818). */
  private static final String BY_NAME = "HTTPS";

  @Override
  public void upgradeToSecure() throws IOException {
    Connection owner = connection;
    var factory = owner.getOptions().getSslContext().getSocketFactory();
    SSLSocket secure = (SSLSocket) factory.createSocket(socket, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(BY_NAME);
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    socket = secure;
    in = secure.getInputStream();
    out = secure.getOutputStream();
    isSecure = true;
  }
}
