package dev.strata.bench;

import dev.strata.harness.Site;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request each: the client's own patch reads the object first. */
final class RawPatch {
  static final String MERGE = "application/merge-patch+json";
  static final String JSON = "application/json-patch+json";

  private static final long LIMIT_SECONDS = 30;

  private final Site site;

  RawPatch(Site site) {
    this.site = site;
  }

  /**
   * Sends it.
   *
   * @param version {@code api/v1} or {@code apis/GROUP/VERSION}
   * @param path of the object below its namespace, such as pods/NAME
   * @param type one of the two above
   * @throws IllegalStateException when it is refused or not answered
   */
  void send(String version, String path, String type, String patch) {
    var http = site.client().getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(
                "%s%s/namespaces/%s/%s"
                    .formatted(site.client().getMasterUrl(), version, site.namespace(), path))
            .patch(type, patch)
            .build();
    try {
      var response = http.sendAsync(request, String.class).get(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!response.isSuccessful()) {
        throw new IllegalStateException(
            "the patch of %s was refused with %d: %s"
                .formatted(path, response.code(), response.body()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while patching " + path, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the patch of " + path + " got no answer", e);
    }
  }
}
