package dev.strata.api.build;

import dev.strata.api.v1alpha1.AgentPool;
import dev.strata.api.v1alpha1.QualityGate;
import dev.strata.api.v1alpha1.QualityGateProfile;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The CRD files of this API as text; the same records give the same text. */
public final class CrdFiles {
  private static final List<Class<? extends HasMetadata>> RESOURCES =
      List.of(AgentPool.class, QualityGate.class, QualityGateProfile.class);

  private static final Pattern BOUND = Pattern.compile("(?m)((?:minimum|maximum): )([-0-9.E]+)$");

  private CrdFiles() {}

  /**
   * Generates all CRDs.
   *
   * @return file name to YAML
   * @throws IllegalStateException if a field has no description or a bound fits no field
   */
  public static Map<String, String> generate() {
    var output = new InMemory();
    var polish = new CrdPolish();
    new CRDGenerator()
        .customResourceClasses(RESOURCES)
        .forCRDVersions("v1")
        .withPostProcessor(polish)
        .withOutput(output)
        .detailedGenerate();
    polish.failOnUnusedBounds();
    return output.files();
  }

  private static final class InMemory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
    }

    @Override
    public URI crdURI(String crdName) {
      // Only shown in the generator's own result, which nobody reads here; it insists on a file.
      return URI.create("file:///" + crdName);
    }

    @Override
    public void close() {}

    Map<String, String> files() {
      var files = new TreeMap<String, String>();
      streams.forEach(
          (name, text) ->
              files.put(name + ".yml", wholeNumbers(text.toString(StandardCharsets.UTF_8))));
      return files;
    }

    /**
     * Writes {@code maximum: 64} for the generator's {@code 64.0}: kubectl apply would otherwise
     * see a difference to the server's own writing each time.
     */
    private static String wholeNumbers(String yaml) {
      return BOUND
          .matcher(yaml)
          .replaceAll(
              bound ->
                  bound.group(1)
                      + new BigDecimal(bound.group(2)).stripTrailingZeros().toPlainString());
    }
  }
}
