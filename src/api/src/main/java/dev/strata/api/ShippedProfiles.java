package dev.strata.api;

import dev.strata.api.v1alpha1.QualityGateProfile;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The four profiles that Strata ships, one a layer. They are complete: no API server need fill in a
 * default before they are used.
 */
public final class ShippedProfiles {
  /** Their names, in the order of the layers; also the default of a gate. */
  public static final List<String> NAMES =
      List.of("application", "coordination", "transport", "physical");

  private ShippedProfiles() {}

  /** Reads them; each call gives objects of its own. */
  public static List<QualityGateProfile> read() {
    return NAMES.stream().map(ShippedProfiles::read).toList();
  }

  private static QualityGateProfile read(String name) {
    var resource = "/dev/strata/profiles/" + name + ".yaml";
    try (var in = ShippedProfiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the class path");
      }
      var yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Serialization.unmarshal(yaml, QualityGateProfile.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
