package dev.strata.operator.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.protocol.Checkpoints;
import dev.strata.protocol.Messages;
import dev.strata.protocol.TransportException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jboss.logging.Logger;

/** Keeps what was measured and judged of a pool at the messaging engine, packed. */
final class Keeper {
  private static final Logger LOG = Logger.getLogger(Keeper.class);
  private static final ObjectMapper JSON = Messages.mapper();

  private final Checkpoints checkpoints;

  /** What is kept of a pool: its signals, and where the targets of its gates stood. */
  record Kept(Measured.Saved signals, Map<String, SavedGate> gates) {}

  Keeper(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  /**
   * Keeps it, with the gates that nobody has taken up yet; if that fails, the one before stays, and
   * the next one comes soon.
   */
  void save(
      Pools.Pool pool, Measured measured, List<Watch> watches, Map<String, SavedGate> waiting) {
    try {
      Map<String, SavedGate> gates = new HashMap<>(waiting);
      watches.forEach(w -> gates.put(w.gate().getMetadata().getUid(), w.save()));
      checkpoints.save(pool.uid(), pool.namespace(), packed(new Kept(measured.save(), gates)));
    } catch (TransportException e) {
      LOG.infof("measurements of %s are kept later: %s", pool.name(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.errorf(e, "measurements of %s could not be kept", pool.name());
    }
  }

  /**
   * What was kept last; empty where it cannot be understood, and then everything begins anew.
   *
   * @throws TransportException when the engine did not answer
   */
  Optional<Kept> load(String poolUid) {
    Optional<byte[]> packed = checkpoints.load(poolUid);
    try {
      return packed.isEmpty() ? Optional.empty() : Optional.of(unpacked(packed.get()));
    } catch (IOException e) {
      LOG.warnf("what was measured of pool %s before is not known: %s", poolUid, e.getMessage());
      return Optional.empty();
    }
  }

  private static byte[] packed(Kept kept) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(bytes)) {
      JSON.writeValue(zip, kept);
    }
    return bytes.toByteArray();
  }

  private static Kept unpacked(byte[] packed) throws IOException {
    try (var zip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return JSON.readValue(zip, Kept.class);
    }
  }
}
