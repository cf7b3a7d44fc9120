package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes invalidations in the formats of the application's writers, on a thread of its own. The
 * outbox adds each batch that the channel has accepted. Invalidations wait here until their
 * messages are published; they also wait for the next start. If more keys wait than the limit, the
 * whole cache replaces its keys. Without writers it does nothing and has no thread. Safe for use by
 * any thread. A listener gets each accepted batch too.
 */
public final class ForeignPublisher {

  private static final Logger log = LoggerFactory.getLogger(ForeignPublisher.class);

  private final List<ForeignMessageWriter> writers;

  private final int mostKeys;

  private final InvalidationObserver observer;

  private final RandomGenerator random;

  private final MessageEventListener listener;

  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  private Batch waiting = new Batch();

  private @Nullable ForeignSender sender;

  /**
   * Creates a publisher that is not started.
   *
   * @param writers the writers of the application
   * @param mostKeys the most keys that wait
   * @param observer is notified of failures and overflows
   * @param random spreads the retries; must be safe for use by any thread
   */
  public ForeignPublisher(
      List<ForeignMessageWriter> writers,
      int mostKeys,
      InvalidationObserver observer,
      RandomGenerator random) {
    this(writers, mostKeys, observer, random, MessageEventListener.NONE);
  }

  /** Creates the same, with a listener to the accepted batches. */
  public ForeignPublisher(
      List<ForeignMessageWriter> writers,
      int mostKeys,
      InvalidationObserver observer,
      RandomGenerator random,
      MessageEventListener listener) {
    this.writers = List.copyOf(writers);
    this.mostKeys = mostKeys;
    this.observer = observer;
    this.random = random;
    this.listener = listener;
  }

  /** Adds an accepted batch, which nothing changes from now on. Never waits and never throws. */
  void add(Batch accepted) {
    if (accepted.isEmpty()) {
      return;
    }
    listener.accepted(accepted.contents());
    if (writers.isEmpty()) {
      return;
    }
    List<String> overflowed = new ArrayList<>(0);
    lock.lock();
    try {
      addAll(accepted, overflowed);
      changed.signalAll();
    } catch (Error broken) { // out of memory
      log.error("Invalidations were not published for other programs", broken);
    } finally {
      lock.unlock();
    }
    overflowed.forEach(cache -> observer.outboxOverflowed(cache, OverflowCause.FOREIGN));
  }

  private void addAll(Batch accepted, List<String> overflowed) {
    if (waiting.isEmpty()) {
      waiting = accepted; // copies no keys
    } else {
      waiting.addAll(accepted);
    }
    if (waiting.keyCount() <= mostKeys) {
      return;
    }
    for (Invalidation.OfCache<Object> stale : waiting.contents()) {
      if (stale instanceof Invalidation.Keys<Object>) {
        waiting.addWhole(stale.cache());
        overflowed.add(stale.cache());
      }
    }
  }

  /** Starts to publish. Does nothing without writers. */
  void start(MessageLog messageLog) {
    if (writers.isEmpty()) {
      return;
    }
    ForeignSender started = new ForeignSender(this, writers, messageLog, observer, random);
    lock.lock();
    try {
      sender = started;
    } finally {
      lock.unlock();
    }
    started.start();
  }

  /** Publishes what waits, at most for the timeout, and stops. */
  void stop(Duration timeout) {
    ForeignSender stopped;
    lock.lock();
    try {
      stopped = sender;
      sender = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (stopped != null) {
      stopped.stop(timeout);
    }
  }

  /**
   * Waits for invalidations and takes them. Returns null if the caller has stopped, and none wait
   * or another sender was started, which takes them.
   */
  @Nullable Batch take(ForeignSender caller) {
    lock.lock();
    try {
      while (waiting.isEmpty() && sender == caller) {
        changed.awaitUninterruptibly();
      }
      if (waiting.isEmpty() || (sender != null && sender != caller)) {
        return null;
      }
      Batch taken = waiting;
      waiting = new Batch();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back invalidations that were not published. Returns the caches of all that wait. */
  List<String> takeBack(Batch taken) {
    lock.lock();
    try {
      taken.addAll(waiting);
      waiting = taken;
      changed.signalAll();
      return taken.contents().stream().map(Invalidation.OfCache::cache).toList();
    } finally {
      lock.unlock();
    }
  }
}
