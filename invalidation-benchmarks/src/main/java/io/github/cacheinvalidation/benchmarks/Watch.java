package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for a node to join, and records events that make a run void. */
final class Watch implements InvalidationObserver {

  private final CountDownLatch joined = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> spoiled = new AtomicReference<>();
  private volatile @Nullable LongConsumer onApplied;

  void awaitJoined() {
    try {
      if (!joined.await(20, TimeUnit.SECONDS)) {
        throw new VoidRunException("a node did not join");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    }
  }

  /**
   * Sets a listener that is called with the time when keys were applied, on the thread that applied
   * them.
   */
  void onApplied(LongConsumer listener) {
    onApplied = listener;
  }

  void requireValid() {
    String reason = spoiled.get();
    if (reason != null) {
      throw new VoidRunException(reason);
    }
  }

  @Override
  public void joined() {
    if (joined.getCount() == 0) {
      spoiled.set("a node joined again");
    }
    joined.countDown();
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    spoil("a subscription was lost: " + cause.getMessage());
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    spoil("a check failed: " + cause.getMessage());
  }

  @Override
  public void replayed(int messages) {
    spoil(messages + " messages were read from the log");
  }

  private void spoil(String reason) {
    if (joined.getCount() == 0) {
      spoiled.set(reason);
    }
  }

  @Override
  public void applied(String cache, int keys) {
    LongConsumer listener = onApplied;
    if (listener != null) {
      listener.accept(System.nanoTime());
    }
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    if (reason != ClearReason.JOINED) {
      spoiled.set("cache " + cache + " was cleared: " + reason);
    }
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    spoiled.set("the outbox overflowed");
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    spoiled.set("a message could not be published: " + cause.getMessage());
  }

  @Override
  public void unreadable(String kind, String detail) {
    spoiled.set("a message could not be read: " + detail);
  }
}
