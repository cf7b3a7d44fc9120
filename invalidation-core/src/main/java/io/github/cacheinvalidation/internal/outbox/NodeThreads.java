package io.github.cacheinvalidation.internal.outbox;

/** Recognizes the threads of nodes, which must not wait for the channel: it may need them. */
public final class NodeThreads {

  /** The prefix of the names of all node threads. */
  private static final String PREFIX = "cache-invalidation-";

  private NodeThreads() {}

  /** Returns whether the calling thread belongs to a node. */
  public static boolean includeCurrent() {
    return Thread.currentThread().getName().startsWith(PREFIX);
  }
}
