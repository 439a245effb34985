package dev.strata.e2e;

import dev.strata.harness.Cluster;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the operator may do, one line a right: {@code create pods}, {@code patch apps/x/status}. */
final class OperatorRights {
  /** Ends what it may do there alone. */
  static final String OWN = " in its own namespace";

  private OperatorRights() {}

  /** By the ClusterRole, and by the Role in the operator's own namespace. */
  static SortedSet<String> on(Cluster cluster) {
    var rbac = cluster.client().rbac();
    TreeSet<String> rights = new TreeSet<>();
    add(rbac.clusterRoles().withName("strata-operator").require().getRules(), "", rights);
    add(
        rbac.roles()
            .inNamespace(Cluster.SYSTEM_NAMESPACE)
            .withName("strata-operator")
            .require()
            .getRules(),
        OWN,
        rights);
    return rights;
  }

  private static void add(List<PolicyRule> rules, String where, SortedSet<String> rights) {
    for (PolicyRule rule : rules) {
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          rule.getVerbs().forEach(verb -> rights.add(named(verb, group, resource) + where));
        }
      }
    }
  }

  static String named(String verb, String group, String resource) {
    return verb + " " + (group.isEmpty() ? "" : group + "/") + resource;
  }
}
