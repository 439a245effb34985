package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The downward API: what a pod may ask about itself. */
final class PodFields {
  private static final Pattern ENTRY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  private final Pod pod;
  private final String podIp;
  private final NodeContext node;

  PodFields(Pod pod, String podIp, NodeContext node) {
    this.pod = pod;
    this.podIp = podIp;
    this.node = node;
  }

  /** The value of a fieldPath. */
  String field(String path) throws StartException {
    Matcher entry = ENTRY.matcher(path);
    if (entry.matches()) {
      return map(entry.group(1)).getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "metadata.labels" -> lines(map("labels"));
      case "metadata.annotations" -> lines(map("annotations"));
      case "spec.nodeName" -> node.name();
      case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
      case "status.podIP", "status.podIPs" -> podIp;
      case "status.hostIP", "status.hostIPs" -> node.address();
      default ->
          throw new StartException(
              "CreateContainerConfigError", "process nodes do not know the field " + path);
    };
  }

  private Map<String, String> map(String name) {
    Map<String, String> map =
        name.equals("labels") ? pod.getMetadata().getLabels() : pod.getMetadata().getAnnotations();
    return map == null ? Map.of() : map;
  }

  private static String lines(Map<String, String> map) {
    return map.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
        .collect(Collectors.joining("\n"));
  }

  /** The value of a resourceFieldRef in units of its divisor, rounded up; the node's when unset. */
  String resource(Container container, String resource, Quantity divisor) throws StartException {
    String name = resource.substring(resource.indexOf('.') + 1);
    Quantity found = null;
    var resources = container.getResources();
    if (resources != null && resource.startsWith("limits.") && resources.getLimits() != null) {
      found = resources.getLimits().get(name);
    }
    if (resources != null && resource.startsWith("requests.") && resources.getRequests() != null) {
      found = resources.getRequests().get(name);
    }
    if (found == null) {
      found =
          switch (name) {
            case "cpu" -> Quantity.parse(node.settings().cpu());
            case "memory" -> Quantity.parse(node.settings().memory());
            default ->
                throw new StartException(
                    "CreateContainerConfigError",
                    "process nodes do not know the resource " + resource);
          };
    }
    BigDecimal unit = divisor == null ? BigDecimal.ZERO : divisor.getNumericalAmount();
    return found
        .getNumericalAmount()
        .divide(unit.signum() == 0 ? BigDecimal.ONE : unit, 0, RoundingMode.CEILING)
        .toPlainString();
  }
}
