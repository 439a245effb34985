package dev.strata.e2e.kind;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Runs in an agent's container, in a JVM of its own: asks for URLs without a token and prints the
 * status of each answer. It trusts whoever answers, because what is asked is what the server lets a
 * stranger do. It travels as one class file, so it has no others.
 */
final class ApiProbe implements X509TrustManager {
  private static final int LIMIT_MILLIS = 10_000;

  private ApiProbe() {}

  @SuppressWarnings("SystemOut") // what it prints is the task's output
  public static void main(String[] urls) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new ApiProbe()}, null);
    for (String url : urls) {
      var connection = (HttpsURLConnection) URI.create(url).toURL().openConnection();
      connection.setSSLSocketFactory(context.getSocketFactory());
      connection.setConnectTimeout(LIMIT_MILLIS);
      connection.setReadTimeout(LIMIT_MILLIS);
      System.out.println(connection.getResponseCode() + " " + url);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
