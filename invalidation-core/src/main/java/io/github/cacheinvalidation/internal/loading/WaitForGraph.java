package io.github.cacheinvalidation.internal.loading;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which thread waits for which flight, over all caches of a node, so that no cycle of waits can
 * close: a caller that would close one loads alone.
 */
public final class WaitForGraph {

  private final Map<Thread, InFlightLoad> waiting = new HashMap<>();

  /**
   * Notes that the calling thread is about to wait; false if it must not, since it would wait for
   * itself.
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
