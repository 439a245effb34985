package dev.strata.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of pods and nodes. Where it is permitted, a whole network of 4,096 addresses of
 * 10.64.0.0/10 is made local with one AnyIP route, and any process can listen on any of them;
 * EndpointSlices accept these. Elsewhere addresses of 127.0.0.0/8 are given, which work the same
 * for clients but are refused in EndpointSlices.
 */
public final class PodNetwork implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final int SIZE = 4096;
  private static final int TEN_64 = 10 << 24 | 64 << 16;

  private final Reaper reaper;
  private final int base;
  private final @Nullable String route;
  private final @Nullable String whyNot;
  private final BitSet taken = new BitSet(SIZE);
  private int last = 10;

  PodNetwork(Reaper reaper) {
    this.reaper = reaper;
    String reason = "no network of 10.64.0.0/10 is free";
    for (int i = 0; i < ATTEMPTS; i++) {
      int candidate = TEN_64 + ThreadLocalRandom.current().nextInt(1 << 10) * SIZE;
      String network = text(candidate) + "/20";
      if (!ip("route", "show", "table", "all", "root", network).isBlank()
          || overlapsWider(network)) {
        continue;
      }
      reaper.routeAdded(network);
      String refusal = ip("route", "add", "local", network, "dev", "lo");
      if (refusal.isBlank()) {
        base = candidate;
        route = network;
        whyNot = null;
        return;
      }
      reaper.routeRemoved(network);
      if (!refusal.contains("File exists")) {
        reason = "a route to lo is not permitted here: " + refusal.strip();
        break;
      }
    }
    base = 127 << 24 | (1 + ThreadLocalRandom.current().nextInt(4000)) * SIZE;
    route = null;
    whyNot = reason;
  }

  private static boolean overlapsWider(String network) {
    return ip("route", "show", "table", "all", "match", network)
        .lines()
        .anyMatch(line -> !line.startsWith("default") && !line.startsWith("unreachable"));
  }

  /** True when pods have addresses that EndpointSlices accept. */
  public boolean realEndpoints() {
    return route != null;
  }

  /** Why {@link #realEndpoints} is false; empty when it is true. */
  public String whyNoEndpoints() {
    return whyNot == null ? "" : whyNot;
  }

  /** The next address, the one that was returned longest ago first. */
  public synchronized String take() {
    for (int i = 1; i < SIZE - 2; i++) {
      int candidate = (last + i) % (SIZE - 2);
      if (candidate > 0 && !taken.get(candidate)) {
        taken.set(candidate);
        last = candidate;
        return text(base + candidate);
      }
    }
    throw new IllegalStateException("all " + SIZE + " addresses of the pod network are in use");
  }

  public synchronized void giveBack(String address) {
    int value = 0;
    for (String part : address.split("\\.", -1)) {
      value = value << 8 | Integer.parseInt(part);
    }
    taken.clear(value - base);
  }

  @Override
  public void close() {
    if (route != null) {
      ip("route", "del", "local", route, "dev", "lo");
      reaper.routeRemoved(route);
    }
  }

  private static String text(int address) {
    return "%d.%d.%d.%d"
        .formatted(address >>> 24, address >>> 16 & 0xff, address >>> 8 & 0xff, address & 0xff);
  }

  /** What the ip program says on both streams; an empty text is success. */
  private static String ip(String... arguments) {
    try {
      var command = new java.util.ArrayList<>(List.of("ip", "-4"));
      command.addAll(List.of(arguments));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(5, TimeUnit.SECONDS);
      return said;
    } catch (IOException e) {
      return "the program 'ip' cannot be run (" + e.getMessage() + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
