package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a future and does nothing else. If a worker of the common pool calls {@code
 * CompletableFuture.get}, the worker runs queued tasks of the application while it waits. Such a
 * task can take long, or can need a lock that the caller holds.
 */
final class DoneSignal {

  private DoneSignal() {}

  /**
   * Waits until a future is done.
   *
   * @return whether it is done, with a value or a failure; false if the time is over
   * @throws InterruptedException if the calling thread is interrupted
   */
  static boolean await(CompletableFuture<?> future, Duration longest) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    var unused = future.whenComplete((value, failure) -> done.countDown());
    return done.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }
}
