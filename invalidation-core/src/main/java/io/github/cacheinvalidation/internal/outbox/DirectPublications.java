package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct publications under way, and the batches of those that failed, which the sender
 * publishes again. Guarded by the lock of the outbox.
 */
final class DirectPublications {

  private static final Logger log = LoggerFactory.getLogger(DirectPublications.class);

  private final long patienceNanos;

  private final int most;

  /** The batches under way, oldest first, with their start in {@link System#nanoTime()}. */
  private final Map<Batch, Long> underWay = new LinkedHashMap<>();

  private final Queue<Batch> returned = new ArrayDeque<>();

  /** The number of keys under way or returned. */
  private int keyCount;

  /**
   * Creates an empty collection.
   *
   * @param patience how long a publication may be under way
   * @param most the most publications that may be under way
   */
  DirectPublications(Duration patience, int most) {
    this.patienceNanos = patience.toNanos();
    this.most = most;
  }

  int keyCount() {
    return keyCount;
  }

  boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  boolean hasReturned() {
    return !returned.isEmpty();
  }

  /** Whether one more may begin. None may while a failed one waits for the sender. */
  boolean hasRoom() {
    return underWay.size() < most && returned.isEmpty();
  }

  void begin(Batch taken) {
    underWay.put(taken, System.nanoTime());
    keyCount += taken.keyCount();
  }

  /** Ends a publication; returns false if it was given up before. */
  boolean end(Batch taken, boolean accepted) {
    if (underWay.remove(taken) == null) {
      return false;
    }
    if (accepted) {
      keyCount -= taken.keyCount();
    } else {
      returned.add(taken);
    }
    return true;
  }

  /** Returns the first failed batch and keeps it; there must be one. */
  Batch firstReturned() {
    return returned.element();
  }

  /** Removes and returns the first failed batch; there must be one. */
  Batch takeReturned() {
    Batch taken = returned.remove();
    keyCount -= taken.keyCount();
    return taken;
  }

  /** Returns the nanoseconds left for the oldest publication; the patience if there is none. */
  long untilGivenUp() {
    return underWay.isEmpty()
        ? patienceNanos
        : Math.max(1, oldest().getValue() + patienceNanos + 1 - System.nanoTime());
  }

  private Map.Entry<Batch, Long> oldest() {
    return underWay.entrySet().iterator().next();
  }

  /** Ends the publications that have been under way for too long, as failed. */
  void giveUpLate() {
    while (!underWay.isEmpty() && System.nanoTime() - oldest().getValue() > patienceNanos) {
      log.warn("A direct publication had no answer in time; the sender publishes it again");
      end(oldest().getKey(), false);
    }
  }

  void giveUpAll() {
    returned.addAll(underWay.keySet());
    underWay.clear();
  }
}
