package io.github.cacheinvalidation.internal.receiver;

import java.util.random.RandomGenerator;

/**
 * The times at which the receiver acts, in nanoseconds of the node's monotonic clock, compared by
 * difference. Not thread-safe; see {@link ReceiverLoop}.
 */
final class ReceiverTimers {

  private static final long FIRST_RETRY_NANOS = 50_000_000;

  private static final long LONGEST_RETRY_NANOS = 500_000_000;

  /** A subscription that lived this long is replaced without a pause. */
  private static final long LIVED_NANOS = 500_000_000;

  private static final long READ_PAUSE_NANOS = 10_000_000;

  private static final long FRUITLESS_READ_PAUSE_NANOS = 50_000_000;

  /** Five seconds each to connect, log in, subscribe, and get the confirmation. */
  private static final long SUBSCRIBE_NANOS = 20_000_000_000L;

  private static final int CHECKS_WITHOUT_READING = 3;

  private final long intervalNanos;

  private final long timeoutNanos;

  private final RandomGenerator random;

  private final long start;

  private long subscribeAt;

  private long subscribedAt;

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
    this.subscribedAt = now;
    this.checkAt = now;
    this.progressAt = now;
    this.readAt = now;
  }

  boolean subscribeIsDue(long now) {
    return subscribePending && now - subscribeAt >= 0;
  }

  /** An attempt to subscribe begins. Without an outcome in time it counts as failed. */
  void subscribing(long now) {
    subscribeAt = now + SUBSCRIBE_NANOS + timeoutNanos;
  }

  /** The subscription is made. A check follows at once: messages before it may have been missed. */
  void subscribed(long now) {
    subscribePending = false;
    subscribedAt = now;
    expectMisses(now);
    progressed(now);
    checkNow(now);
  }

  /**
   * Subscribes again. Does so at once if the subscription has lived for a while. Also does so at
   * once, but only once until a message arrives, if the connection gave no answer any more, for
   * example because a router dropped it. Otherwise subscribes after a random pause, which grows
   * until a subscription lives for a while.
   *
   * @param lost whether there was a subscription, which is lost
   * @param forgotten whether its connection had worked and then gave no answer
   * @return whether such a connection is replaced at once; then no observer is notified
   */
  boolean subscribeAgain(boolean lost, boolean forgotten, long now) {
    boolean lived = lost && now - subscribedAt >= LIVED_NANOS;
    boolean replaces = forgotten && !replaced;
    replaced |= forgotten;
    subscribePending = true;
    if (lost) {
      checkNow(now); // reads what is missed meanwhile
    }
    if (lived) {
      retryNanos = FIRST_RETRY_NANOS;
    }
    if (lived || replaces) {
      subscribeAt = now;
    } else {
      subscribeAt = now + retryNanos / 2 + random.nextLong(retryNanos / 2 + 1);
      retryNanos = Math.min(LONGEST_RETRY_NANOS, retryNanos * 2);
    }
    return replaces;
  }

  /** A message has arrived over the subscription. */
  void heard() {
    replaced = false;
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
   * Messages before this time may have been missed. If a check that is sent after it shows an
   * uncovered tip, the log is read at once.
   */
  void expectMisses(long now) {
    missesExpected = true;
    missesExpectedSince = now;
  }

  /** Returns whether misses are expected. A check sent since {@link #expectMisses} ends that. */
  boolean takeExpectedMisses(long sentNanos) {
    boolean expected = missesExpected;
    missesExpected &= sentNanos - missesExpectedSince < 0;
    return expected;
  }

  void progressed(long now) {
    progressAt = now;
  }

  /** Returns whether the timeout passed without progress. Asked only while a tip is uncovered. */
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
   * Called when a check is answered. Counts the check if a reading has failed since the check
   * before. Returns whether several checks were counted without an answered reading. Then the log
   * cannot be read although the server answers: in an outage checks fail too, and none is counted.
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

  /**
   * Delays the next reading, longer if this one found nothing, to avoid a storm of readings.
   *
   * @param more whether there is more to read after that
   */
  void readDone(boolean fruitful, boolean more, long now) {
    progressAt = now;
    readAt = now + (fruitful ? READ_PAUSE_NANOS : FRUITLESS_READ_PAUSE_NANOS);
    if (more) {
      readNow(now);
    }
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
