package io.github.cacheinvalidation.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills the local caches of a fleet in which a write also invalidates the written key:
 * invalidations of the writes that filled the caches arrive later and remove entries again.
 */
final class Filling {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final int LOOKS = 3;

  private Filling() {}

  /**
   * Lets each receiver load its missing entries, until every receiver has held all entries for
   * three checks in a row.
   */
  static void untilItStays(Fleet fleet, int entries, List<Runnable> loads) {
    long begin = System.nanoTime();
    int full = 0;
    while (full < LOOKS) {
      if (fleet.held().allMatch(held -> held == entries)) {
        full++;
        LockSupport.parkNanos(PAUSE_NANOS);
      } else {
        full = 0;
        loads.forEach(Runnable::run);
      }
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new VoidRunException("the local caches of " + fleet.name() + " did not fill");
      }
    }
  }
}
