package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is under way for writers, and what of it has come back, which the sender publishes. Guarded
 * by the lock of the outbox.
 */
final class DirectPublications {

  private static final Logger log = LoggerFactory.getLogger(DirectPublications.class);

  private final long patienceNanos;

  private final int most;

  /** What is under way, and since when, the oldest first. */
  private final Map<Batch, Long> underWay = new LinkedHashMap<>();

  private final Queue<Batch> returned = new ArrayDeque<>();

  /** How many keys are in both. */
  private int keyCount;

  /**
   * Creates it.
   *
   * @param patience how long a publication may be under way
   * @param most how many may be under way
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

  /** Whether one more may be under way; what has come back must not be overtaken. */
  boolean hasRoom() {
    return underWay.size() < most && returned.isEmpty();
  }

  void begin(Batch taken) {
    underWay.put(taken, System.nanoTime());
    keyCount += taken.keyCount();
  }

  /** Ends one; returns false if it was given up before. */
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

  /** The first that has come back, which stays; there must be one. */
  Batch firstReturned() {
    return returned.element();
  }

  /** Takes the first that has come back; there must be one. */
  Batch takeReturned() {
    Batch taken = returned.remove();
    keyCount -= taken.keyCount();
    return taken;
  }

  /** Returns how long the oldest may still be under way, or the patience if there is none. */
  long untilGivenUp() {
    return underWay.isEmpty()
        ? patienceNanos
        : Math.max(1, oldest().getValue() + patienceNanos + 1 - System.nanoTime());
  }

  private Map.Entry<Batch, Long> oldest() {
    return underWay.entrySet().iterator().next();
  }

  /** Lets those come back that have been under way for too long. */
  void giveUpLate() {
    while (!underWay.isEmpty() && System.nanoTime() - oldest().getValue() > patienceNanos) {
      log.warn("A publication was never answered; it is published again");
      end(oldest().getKey(), false);
    }
  }

  void giveUpAll() {
    returned.addAll(underWay.keySet());
    underWay.clear();
  }
}
