package io.github.cacheinvalidation.node;

import io.github.cacheinvalidation.observer.InvalidationObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets callers wait until the node has joined its channel. Safe for use by any thread. */
final class Joining implements InvalidationObserver {

  private volatile CountDownLatch outstanding = new CountDownLatch(1);

  @Override
  public void joined() {
    outstanding.countDown();
  }

  /** Returns whether the node has joined before the time has passed. */
  boolean await(Duration timeout) throws InterruptedException {
    return outstanding.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  /** The node was stopped, and joins anew when it is started again. */
  void reset() {
    outstanding = new CountDownLatch(1);
  }
}
