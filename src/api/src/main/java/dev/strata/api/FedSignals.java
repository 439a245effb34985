package dev.strata.api;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The signals that something measures today. */
public final class FedSignals {
  private static final String RESOURCE = "/dev/strata/signals.properties";

  private FedSignals() {}

  /** Each signal with who measures it, for people. */
  public static Map<String, String> read() {
    var properties = new Properties();
    try (var in = FedSignals.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> signals = new TreeMap<>();
    properties.stringPropertyNames().forEach(s -> signals.put(s, properties.getProperty(s)));
    return signals;
  }
}
