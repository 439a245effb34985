package dev.strata.e2e;

/** Whom a sentence of a story is about. */
sealed interface Named {
  /** An agent by its identity, such as pool-1. */
  record Agent(String identity) implements Named {
    String pool() {
      return identity.substring(0, identity.lastIndexOf('-'));
    }
  }

  /** A pool. */
  record Pool(String name) implements Named {}

  static Agent agent(String identity) {
    return new Agent(identity);
  }

  static Pool thePool(String name) {
    return new Pool(name);
  }
}
