package io.github.cacheinvalidation.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The largest of many looks at a quantity, each about a millisecond after the one before. */
final class Peak implements AutoCloseable {

  private static final long PAUSE_NANOS = 1_000_000;

  private final LongSupplier quantity;
  private final AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
  private final Thread thread = new Thread(this::look, "peak");
  private volatile boolean ended;
  private volatile long largest;

  /** Starts to look. */
  Peak(LongSupplier quantity) {
    this.quantity = quantity;
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    try {
      do {
        largest = Math.max(largest, quantity.getAsLong());
        LockSupport.parkNanos(PAUSE_NANOS);
      } while (!ended);
    } catch (RuntimeException failure) {
      failed.set(failure);
    }
  }

  /** Ends the looks. Returns the largest. Throws if a look failed. */
  long end() throws InterruptedException {
    ended = true;
    thread.join();
    RuntimeException failure = failed.get();
    if (failure != null) {
      throw failure;
    }
    return largest;
  }

  @Override
  public void close() {
    ended = true;
  }
}
