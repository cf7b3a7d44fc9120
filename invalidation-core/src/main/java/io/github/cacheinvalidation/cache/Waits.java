package io.github.cacheinvalidation.cache;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which thread waits for which flight, over all caches of a node, so that no cycle of waits can
 * close: a caller that would close one loads alone.
 */
final class Waits {

  private final Map<Thread, Flight> waiting = new HashMap<>();

  /**
   * Notes that the calling thread is about to wait; false if it must not, since it would wait for
   * itself.
   */
  synchronized boolean begin(Flight flight) {
    Thread caller = Thread.currentThread();
    @Nullable Flight next = flight;
    while (next != null) {
      Thread leader = next.leader();
      if (leader == caller) {
        return false;
      }
      next = leader == null ? null : waiting.get(leader);
    }
    waiting.put(caller, flight);
    return true;
  }

  synchronized void end() {
    waiting.remove(Thread.currentThread());
  }
}
