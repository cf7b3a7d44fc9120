package io.github.cacheinvalidation.sample.page;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.State;

/** Is notified of what happens on the nodes. The implementation returns at once. */
interface NodeEvents {

  /**
   * A transaction on a node has committed; the library has not acted on it yet.
   *
   * @param what what was written, for a person
   */
  void committed(int node, String what);

  /**
   * A node has evicted what a message named.
   *
   * @param how {@code message}, or {@code replay} if the node was cut off or catching up
   */
  void evicted(int node, String cache, String how);

  /** A node has cleared a cache. */
  void cleared(int node, String cache, ClearReason reason);

  /** A node has read messages from the log that it had missed. */
  void replayed(int node, int messages);

  /** A node is coherent again. It was in the given state before. */
  void confirmedAgain(int node, State before);
}
