package io.github.cacheinvalidation.cache;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How an invalidation waits for a store in progress, which takes less than a microsecond unless its
 * thread is not running: some 30 ms in all, at first without giving up the processor.
 */
final class StoreWait {

  static final int LOOKS = 300;

  private static final int SPINS = 100;

  private static final long PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private StoreWait() {}

  static void pause(int looks) {
    if (looks < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PARK_NANOS);
    }
  }
}
