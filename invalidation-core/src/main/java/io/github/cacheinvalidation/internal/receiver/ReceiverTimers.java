package io.github.cacheinvalidation.internal.receiver;

import java.util.random.RandomGenerator;

/**
 * When the receiver does what: plain moments on the node's monotonic clock, compared by difference.
 * Confined to the receiver's thread.
 */
final class ReceiverTimers {

  private static final long FIRST_RETRY_NANOS = 50_000_000;

  private static final long LONGEST_RETRY_NANOS = 500_000_000;

  private static final long READ_PAUSE_NANOS = 10_000_000;

  private static final long FRUITLESS_READ_PAUSE_NANOS = 50_000_000;

  /** To connect, to log in, to ask and to be confirmed may take five seconds each. */
  private static final long SUBSCRIBE_NANOS = 20_000_000_000L;

  private static final int CHECKS_WITHOUT_READING = 3;

  private final long intervalNanos;

  private final long timeoutNanos;

  private final RandomGenerator random;

  private final long start;

  private long subscribeAt;

  private long retryNanos = FIRST_RETRY_NANOS;

  private boolean subscribePending = true;

  private boolean replaced;

  private long checkAt;

  private boolean checkUnderWay;

  private long progressAt;

  private boolean readWanted;

  private boolean missesExpected;

  private long missesExpectedSince;

  private long readAt;

  private boolean readFailed;

  private int checksWithoutReading;

  ReceiverTimers(ReceiverSettings settings, RandomGenerator random, long now) {
    this.intervalNanos = settings.checkInterval().toNanos();
    this.timeoutNanos = settings.timeout().toNanos();
    this.random = random;
    this.start = now;
    this.subscribeAt = now;
    this.checkAt = now;
    this.progressAt = now;
    this.readAt = now;
  }

  boolean subscribeIsDue(long now) {
    return subscribePending && now - subscribeAt >= 0;
  }

  /** An attempt to subscribe begins; it counts as failed when it has no outcome in time. */
  void subscribing(long now) {
    subscribeAt = now + SUBSCRIBE_NANOS + timeoutNanos;
  }

  void subscribed() {
    subscribePending = false;
    retryNanos = FIRST_RETRY_NANOS;
  }

  /**
   * Subscribes again at once. Returns false where that was done before and nothing was heard since,
   * so that it does not help.
   */
  boolean trySubscribeNow(long now) {
    if (replaced) {
      return false;
    }
    replaced = true;
    subscribePending = true;
    subscribeAt = now;
    return true;
  }

  /** A message has arrived over the subscription. */
  void heard() {
    replaced = false;
  }

  void subscribeLater(long now) {
    subscribePending = true;
    subscribeAt = now + retryNanos / 2 + random.nextLong(retryNanos / 2 + 1);
    retryNanos = Math.min(LONGEST_RETRY_NANOS, retryNanos * 2);
  }

  boolean checkIsDue(long now) {
    return !checkUnderWay && now - checkAt >= 0;
  }

  void checkNow(long now) {
    checkAt = now;
  }

  void checking(long now) {
    checkUnderWay = true;
    checkAt = now + intervalNanos;
  }

  void checkEnded() {
    checkUnderWay = false;
  }

  /**
   * What came before this moment may have been missed; the next check sent after it reads it at
   * once.
   */
  void expectMisses(long now) {
    missesExpected = true;
    missesExpectedSince = now;
  }

  /** Whether misses are expected; not any more once a check tells that was sent after they were. */
  boolean takeExpectedMisses(long sentNanos) {
    boolean expected = missesExpected;
    missesExpected &= sentNanos - missesExpectedSince < 0;
    return expected;
  }

  void progressed(long now) {
    progressAt = now;
  }

  boolean isDeaf(long now) {
    return now - progressAt > timeoutNanos;
  }

  boolean readIsDue(long now) {
    return readWanted && now - readAt >= 0;
  }

  void readNow(long now) {
    if (!readWanted) {
      readWanted = true;
      if (now - readAt > 0) {
        readAt = now;
      }
    }
  }

  void readLater(long now) {
    readFailed = true;
    readWanted = true;
    readAt = now + FRUITLESS_READ_PAUSE_NANOS;
  }

  void readAnswered() {
    readFailed = false;
    checksWithoutReading = 0;
  }

  /**
   * Counts an answered check. Returns whether several were answered, but no reading in between, so
   * that what the log has cannot be had. An outage fails checks as well as readings.
   */
  boolean readingIsHopeless() {
    if (readFailed) {
      readFailed = false;
      checksWithoutReading++;
    }
    return checksWithoutReading >= CHECKS_WITHOUT_READING;
  }

  void readBegun() {
    readWanted = false;
  }

  void readAbandoned() {
    readBegun();
    readAnswered();
  }

  /** A reading puts off the next one, more so if it found nothing: noise must not cause a storm. */
  void readDone(boolean fruitful, long now) {
    progressAt = now;
    readAt = now + (fruitful ? READ_PAUSE_NANOS : FRUITLESS_READ_PAUSE_NANOS);
  }

  long nextMoment(boolean mayRead, boolean waitingForMessages) {
    long next = Long.MAX_VALUE;
    if (subscribePending) {
      next = Math.min(next, subscribeAt - start);
    }
    if (!checkUnderWay) {
      next = Math.min(next, checkAt - start);
    }
    if (mayRead && readWanted) {
      next = Math.min(next, readAt - start);
    }
    if (waitingForMessages) {
      next = Math.min(next, progressAt + timeoutNanos + 1 - start);
    }
    return next == Long.MAX_VALUE ? start + Long.MAX_VALUE / 2 : start + next;
  }
}
