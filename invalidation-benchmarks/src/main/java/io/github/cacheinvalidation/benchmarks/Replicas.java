package io.github.cacheinvalidation.benchmarks;

import java.util.function.IntUnaryOperator;

/** Nodes that read the same source through local caches, and tell each other what has changed. */
interface Replicas extends AutoCloseable {

  String SPEC = "maximumSize=100000,expireAfterWrite=1h";

  /** Makes them: the source, and the port of Redis that each node connects to. */
  interface Maker {
    Replicas make(Server server, Freshness source, int nodes, IntUnaryOperator ports);
  }

  /** Reads a key on a node, out of its cache or from the source. */
  long read(int node, int key);

  /** Does on a node what a writer does after the source has changed. */
  void written(int node, int key);

  /** Throws if something happened that makes a calm run worthless. */
  default void requireCalm() {}

  @Override
  void close();
}
