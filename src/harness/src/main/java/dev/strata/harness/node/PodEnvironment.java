package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A container's environment variables, with all that they refer to. */
final class PodEnvironment {
  // $(NAME) is replaced, $$(NAME) stands for a literal $(NAME).
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^)]+)\\)");
  private static final String ERROR = "CreateContainerConfigError";

  private final PodObjects objects;
  private final PodFields fields;

  PodEnvironment(PodObjects objects, PodFields fields) {
    this.objects = objects;
    this.fields = fields;
  }

  /** What the container's specification says, and nothing else. */
  Map<String, String> of(Container container) throws StartException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      addAll(source, environment);
    }
    for (EnvVar variable : container.getEnv()) {
      EnvVarSource source = variable.getValueFrom();
      if (source == null) {
        String value = variable.getValue() == null ? "" : variable.getValue();
        environment.put(variable.getName(), expand(value, environment));
      } else {
        String value = from(source, container);
        if (value != null) {
          environment.put(variable.getName(), value);
        }
      }
    }
    return environment;
  }

  private void addAll(EnvFromSource source, Map<String, String> environment) throws StartException {
    String prefix = source.getPrefix() == null ? "" : source.getPrefix();
    Map<String, byte[]> data = Map.of();
    if (source.getConfigMapRef() != null) {
      var ref = source.getConfigMapRef();
      data = whole("configmap", ref.getName(), ref.getOptional());
    } else if (source.getSecretRef() != null) {
      var ref = source.getSecretRef();
      data = whole("secret", ref.getName(), ref.getOptional());
    }
    data.forEach(
        (key, value) -> environment.put(prefix + key, new String(value, StandardCharsets.UTF_8)));
  }

  private @Nullable String from(EnvVarSource source, Container container) throws StartException {
    if (source.getFieldRef() != null) {
      return fields.field(source.getFieldRef().getFieldPath());
    }
    if (source.getResourceFieldRef() != null) {
      var ref = source.getResourceFieldRef();
      return fields.resource(container, ref.getResource(), ref.getDivisor());
    }
    if (source.getSecretKeyRef() != null) {
      var ref = source.getSecretKeyRef();
      return key("secret", ref.getName(), ref.getKey(), ref.getOptional());
    }
    if (source.getConfigMapKeyRef() != null) {
      var ref = source.getConfigMapKeyRef();
      return key("configmap", ref.getName(), ref.getKey(), ref.getOptional());
    }
    throw new StartException(ERROR, "process nodes do not know this source of a variable");
  }

  private @Nullable String key(String kind, String name, String key, @Nullable Boolean optional)
      throws StartException {
    byte[] value = whole(kind, name, optional).get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw new StartException(
          ERROR, "couldn't find key %s in %s \"%s\"".formatted(key, kind, name));
    }
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private Map<String, byte[]> whole(String kind, String name, @Nullable Boolean optional)
      throws StartException {
    Optional<Map<String, byte[]>> data =
        kind.equals("secret") ? objects.secret(name) : objects.configMap(name);
    if (data.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new StartException(ERROR, "%s \"%s\" not found".formatted(kind, name));
    }
    return data.orElse(Map.of());
  }

  /** Replaces references to variables that are known; others stay as they are. */
  static String expand(String text, Map<String, String> environment) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher matcher = REFERENCE.matcher(text);
    return matcher.replaceAll(
        match -> {
          String name = match.group(1);
          String value = name == null ? "$" : environment.getOrDefault(name, match.group());
          return Matcher.quoteReplacement(value);
        });
  }

  static List<String> expand(List<String> texts, Map<String, String> environment) {
    return texts.stream().map(text -> expand(text, environment)).toList();
  }
}
