package dev.strata.harness;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Who may speak to one control plane, and the files with which they do. */
final class Identities {
  private static final long DAY_SECONDS = 86_400;

  private final Certificates certificates;
  private final Kubeconfigs kubeconfigs;
  private final Certificates.Identity admin;
  private final Path adminKubeconfig;

  /**
   * @param folder for the kubeconfig files
   * @param url of the API server
   */
  Identities(Certificates certificates, Path folder, String url) {
    this.certificates = certificates;
    kubeconfigs = new Kubeconfigs(folder, url, certificates.authority());
    admin = certificates.client("admin", List.of("system:masters"));
    adminKubeconfig = kubeconfigs.withCertificate("admin", admin);
  }

  Path adminKubeconfig() {
    return adminKubeconfig;
  }

  SSLContext adminTls() {
    return Tls.context(certificates.authority(), admin);
  }

  /** For kube-controller-manager and kube-scheduler. */
  Path component(String component) {
    return user(component, "system:" + component, List.of());
  }

  Path user(String file, String user, List<String> groups) {
    return kubeconfigs.withCertificate(file, certificates.client(user, groups));
  }

  /** With a token that is good for a day. */
  Path serviceAccount(KubernetesClient client, String namespace, String name) {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(DAY_SECONDS)
            .endSpec()
            .build();
    var token =
        client.serviceAccounts().inNamespace(namespace).withName(name).tokenRequest(request);
    return kubeconfigs.withToken(namespace + "-" + name, token.getStatus().getToken());
  }

  SSLContext node(String node) {
    return Tls.context(
        certificates.authority(),
        certificates.client("system:node:" + node, List.of("system:nodes")));
  }
}
