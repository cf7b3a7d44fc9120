package io.github.cacheinvalidation.convergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which channels the two caches of a node use. */
enum Channels {
  /** Both use the channel of the node. */
  ONE,

  /** The products use a cache channel. */
  TWO;

  /** The name of the node's own channel. */
  static final String OWN = "convergence";

  private static final Map<String, String> OF_TWO =
      Map.of(Key.PRODUCT_CACHE, "convergence-products");

  /** Returns the names of the cache channels by the names of their caches. */
  Map<String, String> byCache() {
    return this == ONE ? Map.of() : OF_TWO;
  }

  /** Returns the name of the channel of a cache. */
  String of(String cache) {
    return byCache().getOrDefault(cache, OWN);
  }

  /** Returns the names of all channels, that of the node first. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(OWN));
    names.addAll(byCache().values());
    return names;
  }
}
