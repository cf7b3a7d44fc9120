package io.github.cacheinvalidation.outbox;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.KeyEncoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Holds what became stale here until the channel has accepted it. A write puts its keys in and
 * returns; one sender takes all that is there and sends it. While a message is under way the next
 * gathers, so a quiet system sends at once and a busy one sends big batches, with no timer. A write
 * that finds nothing under way begins to publish by itself, where the channel can do that without
 * waiting: to wake the sender would take longer. Whatever comes of it but success is the sender's.
 *
 * <p>Evictions commute, so there is no order to keep: the same key twice is sent once. Nothing is
 * ever dropped: what could not be published stays and is tried again, and when more than the limit
 * is pending, the keys of a cache are replaced by the whole cache. What is pending when the outbox
 * is stopped stays in it, and is sent when it is started again.
 *
 * <p>Safe for use by any thread. Adding never waits for the network; {@link Acceptance#await} does
 * where the settings ask for it.
 */
public final class Outbox {

  private final KeyEncoder encoder;

  private final OutboxSettings settings;

  private final InvalidationObserver observer;

  private final Supplier<String> nonces;

  private final RandomGenerator random;

  private final ReentrantLock lock = new ReentrantLock();

  private final Condition added = lock.newCondition();

  private Gathering gathering = new Gathering();

  private boolean senderIdle;

  /** Whether the sender keeps nothing that it will try again. Guarded by the lock. */
  private boolean senderFree;

  /** Whether a writer's own publication is under way. Guarded by the lock. */
  private boolean expressUnderWay;

  /** What a writer could not publish by itself. Guarded by the lock. */
  private @Nullable Gathering returned;

  private volatile boolean addedWhileStopped;

  private volatile boolean closed;

  private volatile int underWay;

  private volatile @Nullable Sender sender;

  /**
   * Creates an outbox that is not started.
   *
   * @param encoder encodes keys, on the sender's thread
   * @param settings the limits
   * @param observer is told what was published and what failed
   * @param nonces gives a fresh random id for each attempt to publish
   * @param random spreads the attempts to publish, on the sender's thread
   */
  public Outbox(
      KeyEncoder encoder,
      OutboxSettings settings,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random) {
    this.encoder = encoder;
    this.settings = settings;
    this.observer = observer;
    this.nonces = nonces;
    this.random = random;
  }

  /**
   * Puts a key in.
   *
   * @param cache the name of the cache
   * @param key the key that became stale
   * @return what a writer calls that is to wait
   */
  public Acceptance add(String cache, Object key) {
    Gathering joined;
    Sender express;
    lock.lock();
    try {
      joined = gathering;
      addKey(cache, key);
      express = expressOrWake();
    } finally {
      lock.unlock();
    }
    if (express != null) {
      express.sendExpress(joined);
    }
    return acceptance(joined);
  }

  /**
   * Puts in all that a transaction made stale, so that it travels in as few messages as possible.
   *
   * @param stale what became stale
   * @return what a writer calls that is to wait
   */
  public Acceptance addAll(List<StaleKeys> stale) {
    if (stale.isEmpty()) {
      return Acceptance.NOT_AWAITED;
    }
    Gathering joined;
    Sender express;
    lock.lock();
    try {
      joined = gathering;
      for (StaleKeys each : stale) {
        if (each.whole()) {
          gathering.addWhole(each.cache());
          noteIfLate(each.cache());
        }
        each.keys().forEach(key -> addKey(each.cache(), key));
      }
      express = expressOrWake();
    } finally {
      lock.unlock();
    }
    if (express != null) {
      express.sendExpress(joined);
    }
    return acceptance(joined);
  }

  /**
   * Starts to send.
   *
   * @param channel where to
   * @param writer writes messages under the identity of this start
   */
  public void start(Channel channel, BodyWriter writer) {
    lock.lock();
    try {
      if (sender != null) {
        throw new IllegalStateException("The outbox is started already");
      }
      MessagePacker packer = new MessagePacker(encoder, settings.maxBatchKeys(), observer);
      sender = new Sender(this, channel, writer, packer, observer, nonces, random);
      addedWhileStopped = false;
      closed = false;
      sender.start();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what is pending and stops. What could not be sent in time stays pending and is reported
   * to the observer.
   *
   * @param timeout how long to try
   */
  public void stop(Duration timeout) {
    Sender stopped;
    lock.lock();
    try {
      stopped = sender;
      sender = null;
      added.signalAll();
    } finally {
      lock.unlock();
    }
    if (stopped != null) {
      stopped.stop(timeout);
      reportUnpublished(stopped);
    }
  }

  /**
   * Says that it will hardly be started again: from now on the observer is told of what is added.
   *
   * @return whether something was added since it was stopped, or before it was ever started
   */
  public boolean close() {
    closed = true;
    return addedWhileStopped;
  }

  /** Returns how many keys are pending or under way, without waiting. */
  public int pendingKeys() {
    lock.lock();
    try {
      return gathering.keyCount() + underWay;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the last attempt to publish failed. */
  public boolean isStuck() {
    Sender present = sender;
    return present != null && present.lastFailure() != null;
  }

  /**
   * Waits until there is something to send, or for a time, after which what it returns is empty;
   * returns null when the caller is no longer the sender and nothing is left.
   *
   * @param kept how many keys the caller keeps, which count as pending
   */
  @Nullable Gathering take(Sender caller, int kept, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (expressUnderWay || (returned == null && gathering.isEmpty() && left > 0)) {
        if (sender != caller && !expressUnderWay) {
          return null;
        }
        senderIdle = true;
        senderFree = nanos == Long.MAX_VALUE;
        try {
          left = added.awaitNanos(left);
        } finally {
          senderIdle = false;
        }
      }
      Gathering taken = takeReturned();
      if (taken == null) {
        taken = takeGathering();
      }
      underWay = taken.keyCount() + kept;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whether others should know of a message before it is accepted; nobody waits for that then. */
  boolean announces() {
    return !settings.await();
  }

  private @Nullable Gathering takeReturned() {
    Gathering taken = returned;
    returned = null;
    return taken;
  }

  private Gathering takeGathering() {
    Gathering taken = gathering;
    gathering = new Gathering();
    return taken;
  }

  /** Ends the way of what a writer has published by itself. */
  void expressAccepted(Gathering taken) {
    endExpress(null);
    taken.accepted().complete(null);
  }

  /** Hands the sender what a writer could not publish by itself. */
  void expressFailed(Gathering taken) {
    endExpress(taken);
  }

  private void endExpress(@Nullable Gathering left) {
    lock.lock();
    try {
      expressUnderWay = false;
      returned = left;
      underWay = left == null ? 0 : left.keyCount();
      if (left != null || !gathering.isEmpty() || sender == null) {
        wake();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the way of a gathering: all of it was accepted. */
  void accepted(Gathering taken, int kept) {
    underWay = kept;
    taken.accepted().complete(null);
  }

  /** Ends the waiting for a gathering that was refused, which the sender keeps and tries again. */
  void refused(Gathering taken, int kept, RuntimeException cause) {
    underWay = kept;
    taken.accepted().completeExceptionally(cause);
  }

  /** Takes back a gathering that could not be sent before the sender stopped. */
  void takeBack(Gathering taken) {
    lock.lock();
    try {
      underWay = 0;
      gathering.addAll(taken);
    } finally {
      lock.unlock();
    }
    taken.accepted().completeExceptionally(new IllegalStateException("The outbox was stopped"));
  }

  private void addKey(String cache, Object key) {
    if (!gathering.add(cache, key)) {
      observer.keyNotEncodable(cache, key.getClass());
    }
    noteIfLate(cache);
    if (gathering.keyCount() + underWay > settings.maxPendingKeys() && !gathering.isWhole(cache)) {
      gathering.addWhole(cache);
      observer.outboxOverflowed(cache);
    }
  }

  private void noteIfLate(String cache) {
    if (sender == null) {
      addedWhileStopped = true;
      if (closed) {
        observer.writtenTooLate(cache);
      }
    }
  }

  /**
   * Takes what gathers for the calling thread to publish by itself, if nothing is under way and it
   * is little; otherwise wakes the sender.
   *
   * @return who publishes it; null if the sender does
   */
  private @Nullable Sender expressOrWake() {
    if (!senderIdle || expressUnderWay) {
      return null;
    }
    Sender present = sender;
    if (present == null || !senderFree || !gathering.isLittle()) {
      wake();
      return null;
    }
    expressUnderWay = true;
    underWay = takeGathering().keyCount();
    return present;
  }

  private void wake() {
    if (senderIdle) {
      senderIdle = false;
      added.signal();
    }
  }

  private Acceptance acceptance(Gathering joined) {
    return settings.await()
        ? new AwaitedAcceptance(this, joined, settings.timeout())
        : Acceptance.NOT_AWAITED;
  }

  /** Returns who sends now; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return sender;
  }

  private void reportUnpublished(Sender stopped) {
    int keys;
    int whole;
    lock.lock();
    try {
      keys = gathering.keyCount();
      whole = gathering.wholeCount();
      addedWhileStopped = false;
    } finally {
      lock.unlock();
    }
    if (keys + whole > 0) {
      observer.unpublishedAtStop(keys, whole, stopped.lastFailure());
    }
  }
}
