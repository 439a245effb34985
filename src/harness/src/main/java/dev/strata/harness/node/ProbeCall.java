package dev.strata.harness.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a container once, as a kubelet would: a new connection each time, no redirects. */
final class ProbeCall {
  private final Container container;
  private final String podIp;

  ProbeCall(Container container, String podIp) {
    this.container = container;
    this.podIp = podIp;
  }

  /** True when the container answers as it should within the probe's timeout. */
  boolean succeeds(Probe probe, ContainerLaunch.Launched launched) {
    Integer seconds = probe.getTimeoutSeconds();
    Duration timeout = Duration.ofSeconds(seconds == null ? 1 : seconds);
    try {
      if (probe.getHttpGet() != null) {
        return http(probe.getHttpGet(), timeout);
      }
      if (probe.getTcpSocket() != null) {
        try (Socket socket = connect(probe.getTcpSocket().getPort(), timeout)) {
          return socket.isConnected();
        }
      }
      return probe.getExec() == null || execute(probe.getExec(), launched, timeout);
    } catch (IOException e) {
      return false; // an answer like any other: nobody listens, or too late
    }
  }

  private boolean http(HTTPGetAction action, Duration timeout) throws IOException {
    String path = action.getPath() == null ? "/" : action.getPath();
    try (Socket socket = connect(action.getPort(), timeout)) {
      StringBuilder request = new StringBuilder();
      request.append("GET ").append(path.startsWith("/") ? path : "/" + path);
      request.append(" HTTP/1.1\r\nHost: ").append(podIp);
      request.append("\r\nUser-Agent: kube-probe/1.36\r\nAccept: */*\r\nConnection: close\r\n");
      action
          .getHttpHeaders()
          .forEach(
              h -> request.append(h.getName()).append(": ").append(h.getValue()).append("\r\n"));
      request.append("\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return line != null && line.matches("HTTP/1\\.[01] [23]\\d\\d.*");
    }
  }

  private Socket connect(IntOrString port, Duration timeout) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout((int) timeout.toMillis());
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral(podIp), number(port)),
          (int) timeout.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private int number(IntOrString port) throws IOException {
    Integer number = port.getIntVal();
    if (number != null) {
      return number;
    }
    return container.getPorts().stream()
        .filter(named -> port.getStrVal().equals(named.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() -> new IOException("the container has no port " + port.getStrVal()));
  }

  /** Runs a command in the container's place; also what a preStop hook does. */
  static boolean execute(ExecAction action, ContainerLaunch.Launched launched, Duration timeout)
      throws IOException {
    try {
      List<String> command = new ArrayList<>(action.getCommand());
      command.set(
          0, ContainerLaunch.program(command.getFirst(), launched.image(), launched.root()));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(launched.root().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      builder.environment().putAll(launched.environment());
      Process process = builder.start();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (StartException e) {
      return false; // the command is not in the container: a failed probe
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
