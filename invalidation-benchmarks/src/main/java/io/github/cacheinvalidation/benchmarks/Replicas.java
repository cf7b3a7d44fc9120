package io.github.cacheinvalidation.benchmarks;

import java.util.function.IntUnaryOperator;

/** Nodes that read the same source through local caches, and notify each other of changes. */
interface Replicas extends AutoCloseable {

  String SPEC = "maximumSize=100000,expireAfterWrite=1h";

  /** Creates the nodes. The arguments include the source, and the Redis port for each node. */
  interface Maker {
    Replicas make(Server server, Freshness source, int nodes, IntUnaryOperator ports);
  }

  /** Reads a key on a node, from its cache or from the source. */
  long read(int node, int key);

  /** Does on a node what a writer does after it has changed the source. */
  void written(int node, int key);

  /** Throws if an event on a node makes a calm run void. */
  default void requireCalm() {}

  @Override
  void close();
}
