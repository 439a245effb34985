package dev.strata.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The images that process nodes know: each is a folder, as an unpacked image is, with the command
 * that runs when a container names none. Others end in ErrImagePull. One table is shared by all
 * nodes of a cluster.
 */
public final class ImageTable {
  /** The image that agents run. */
  public static final String AGENT = "strata/agent:0.1.0";

  /** The agent with a shell, for programs; on process nodes the shell is the machine's. */
  public static final String AGENT_WITH_SHELL = "strata/agent-shell:0.1.0";

  /** An image without files and without a command of its own: the container names a command. */
  public static final String SHELL = "harness/shell:1";

  private final Map<String, Image> images = new ConcurrentHashMap<>();

  /**
   * An unpacked image.
   *
   * @param root its folder
   * @param command what runs when the container names no command; relative to the folder
   */
  public record Image(Path root, List<String> command) {
    public Image {
      root = root.toAbsolutePath();
      command = List.copyOf(command);
    }
  }

  /** Knows {@link #SHELL} only. */
  public ImageTable() {
    images.put(SHELL, new Image(Path.of("/"), List.of()));
  }

  /** Knows {@link #SHELL} and, from this folder, {@link #AGENT} and {@link #AGENT_WITH_SHELL}. */
  public static ImageTable withAgent(Path agentImage) {
    var agent = new Image(agentImage, List.of("bin/agent"));
    return new ImageTable().add(AGENT, agent).add(AGENT_WITH_SHELL, agent);
  }

  public ImageTable add(String name, Image image) {
    images.put(name, image);
    return this;
  }

  /** The image of that name, also written in full with the default registry in front. */
  public Optional<Image> find(String name) {
    String prefix = "docker.io/";
    String plain = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return Optional.ofNullable(images.get(plain));
  }
}
