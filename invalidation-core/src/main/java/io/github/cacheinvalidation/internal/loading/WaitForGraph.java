package io.github.cacheinvalidation.internal.loading;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wait-for graph: which thread waits for which in-flight load, over all caches of a node. It
 * prevents deadlocks: a caller whose wait would close a cycle loads alone. Safe for use by any
 * thread.
 */
public final class WaitForGraph {

  private final Map<Thread, InFlightLoad> waiting = new HashMap<>();

  /**
   * Registers that the calling thread is about to wait; returns false, without registering it, if
   * the wait would close a cycle.
   */
  synchronized boolean begin(InFlightLoad inFlight) {
    Thread caller = Thread.currentThread();
    @Nullable InFlightLoad next = inFlight;
    while (next != null) {
      Thread leader = next.leader();
      if (leader == caller) {
        return false;
      }
      next = leader == null ? null : waiting.get(leader);
    }
    waiting.put(caller, inFlight);
    return true;
  }

  synchronized void end() {
    waiting.remove(Thread.currentThread());
  }
}
