package io.github.cacheinvalidation.sample.page;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest state, for pages that wait for the next one. A slow page skips states. Safe for use by
 * any thread.
 */
final class StateFeed {

  private String newest = "";
  private long version;
  private int watchers;
  private boolean closed;

  /** Offers a state to all pages, unless it equals the newest. */
  synchronized void offer(String state) {
    if (!state.equals(newest)) {
      newest = state;
      version++;
      notifyAll();
    }
  }

  synchronized void watch(int more) {
    watchers += more;
  }

  synchronized boolean isWatched() {
    return watchers > 0;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits for a state with a higher version; returns null if none comes in time. */
  synchronized @Nullable Versioned await(long known, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (version <= known && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return null;
      }
      wait(left);
    }
    return closed ? null : new Versioned(version, newest);
  }

  record Versioned(long version, String state) {}
}
