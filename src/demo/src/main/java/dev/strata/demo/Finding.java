package dev.strata.demo;

/** Something that an agent found in a document. */
record Finding(String path, int line, String kind, String message) implements Comparable<Finding> {
  @Override
  public int compareTo(Finding other) {
    int byPath = path.compareTo(other.path);
    int byLine = byPath != 0 ? byPath : Integer.compare(line, other.line);
    return byLine != 0 ? byLine : (kind + message).compareTo(other.kind + other.message);
  }

  @Override
  public String toString() {
    return path + ":" + line + ": " + kind + ": " + message;
  }
}
