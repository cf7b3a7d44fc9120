package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Logs once that open-in-view may be the cause if many loaded values are not stored. With
 * open-in-view each load of a request counts from the opening of its persistence context, so a
 * write anywhere in the request refuses it.
 */
final class OpenInViewHint implements InvalidationObserver {

  private static final int MANY = 100;

  private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();

  private final NodeLog log;

  private final LongSupplier nanoTime;

  private final BooleanSupplier openInView;

  private volatile boolean done;

  private int refused;

  private long since;

  /**
   * Creates a watch.
   *
   * @param openInView returns whether open-in-view is on; called at most once
   */
  OpenInViewHint(NodeLog log, LongSupplier nanoTime, BooleanSupplier openInView) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.openInView = openInView;
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    boolean old = reason == FillRefusal.INVALIDATED || reason == FillRefusal.CLEARED;
    if (!done && old && isTheLastOfMany() && openInView.getAsBoolean()) {
      log.warn(
          "{} loaded values were not stored within a minute, the last one in cache '{}', because"
              + " their keys had been invalidated since the load began. spring.jpa.open-in-view is"
              + " on, so the loads of a request count from the begin of the request. Set it to"
              + " false if views load nothing lazily. Further refused values are only counted, in"
              + " invalidation.refused.fills",
          MANY,
          cache);
    }
  }

  private synchronized boolean isTheLastOfMany() {
    long now = nanoTime.getAsLong();
    if (refused == 0 || now - since > PERIOD_NANOS) {
      refused = 0;
      since = now;
    }
    refused++;
    if (refused < MANY || done) {
      return false;
    }
    done = true;
    return true;
  }
}
