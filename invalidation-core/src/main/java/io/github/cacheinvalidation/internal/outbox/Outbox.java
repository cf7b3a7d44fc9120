package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Holds what became stale here until the channel has accepted it. A write puts its keys in and
 * returns; one sender takes all that is there and sends it. While a message is under way the next
 * gathers, so a quiet system sends at once and a busy one sends big batches, with no timer. A write
 * that finds few others under way hands its keys to the thread of the channel, where there is one
 * that publishes without waiting: one thread less to be woken. What fails of it is the sender's.
 *
 * <p>Evictions commute, so there is no order to keep: the same key twice is sent once. Nothing is
 * ever dropped: what could not be published stays and is tried again. When more than the limit is
 * pending, a writer waits for room, briefly, while the channel accepts messages; otherwise the keys
 * of a cache are replaced by the whole cache. What is pending when the outbox is stopped stays in
 * it, and is sent when it is started again.
 *
 * <p>Safe for use by any thread. Adding waits for room only; {@link Acceptance#await} waits for the
 * network where the settings ask for it.
 */
public final class Outbox {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** More would be a busy writer's, who is better off with large messages. */
  private static final int MOST_EXPRESSED = 4;

  /** A command of the channel that has no answer for as long has failed. */
  private static final Duration STALL = Duration.ofMillis(500);

  private final KeyEncoder encoder;

  private final OutboxSettings settings;

  private final InvalidationObserver observer;

  private final Supplier<String> nonces;

  private final RandomGenerator random;

  private final OutboxState state;

  private final WriterYield writerYield;

  private volatile boolean addedWhileStopped;

  private volatile boolean closed;

  /**
   * Creates an outbox that is not started.
   *
   * @param encoder encodes keys, on the sender's thread or that of the channel
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
    this(
        encoder,
        settings,
        observer,
        nonces,
        random,
        new OutboxState(new ReentrantLock(), PATIENCE, MOST_EXPRESSED, STALL),
        new WriterYield(System::nanoTime, Thread::yield));
  }

  Outbox(
      KeyEncoder encoder,
      OutboxSettings settings,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random,
      OutboxState state,
      WriterYield writerYield) {
    this.encoder = encoder;
    this.settings = settings;
    this.observer = observer;
    this.nonces = nonces;
    this.random = random;
    this.state = state;
    this.writerYield = writerYield;
  }

  /**
   * Puts a key in.
   *
   * @param cache the name of the cache
   * @param key the key that became stale
   * @return what a writer calls that is to wait
   */
  public Acceptance add(String cache, Object key) {
    List<Runnable> told = new ArrayList<>(0);
    Batch joined;
    Batch last;
    DirectPublisher directPublisher;
    state.lock();
    try {
      joined = state.batch();
      addKey(cache, key, told);
      last = state.batch();
      directPublisher = state.directPublisherOrWake();
    } finally {
      state.unlock();
    }
    send(directPublisher, last);
    told.forEach(Runnable::run);
    return settings.await() ? awaited(List.of(joined)) : Acceptance.NOT_AWAITED;
  }

  /**
   * Puts in all that a transaction made stale, so that it travels in as few messages as possible.
   *
   * @param stale what became stale
   * @return what a writer calls that is to wait
   */
  public Acceptance addAll(List<Invalidation.OfCache<Object>> stale) {
    if (stale.isEmpty()) {
      return Acceptance.NOT_AWAITED;
    }
    List<Batch> joined = new ArrayList<>();
    List<Runnable> told = new ArrayList<>(0);
    Batch last;
    DirectPublisher directPublisher;
    state.lock();
    try {
      for (Invalidation.OfCache<Object> each : stale) {
        if (each instanceof Invalidation.Keys<Object> some) {
          for (Object key : some.keys()) {
            join(joined); // while a key waited for room, what gathered was taken
            addKey(each.cache(), key, told);
          }
        } else {
          join(joined);
          state.batch().addWhole(each.cache());
          noteIfLate(each.cache(), told);
        }
      }
      last = state.batch();
      directPublisher = state.directPublisherOrWake();
    } finally {
      state.unlock();
    }
    send(directPublisher, last);
    told.forEach(Runnable::run);
    return settings.await() ? awaited(joined) : Acceptance.NOT_AWAITED;
  }

  /**
   * Starts to send.
   *
   * @param messageLog where to
   * @param writer writes messages under the identity of this start
   */
  public void start(MessageLog messageLog, BodyWriter writer) {
    state.lock();
    try {
      if (state.sender() != null) {
        throw new IllegalStateException("The outbox is started already");
      }
      MessagePacker packer = new MessagePacker(encoder, settings.maxBatchKeys(), observer);
      boolean ahead = !settings.await(); // who waits for acceptance would wait longer
      Sender sender =
          new Sender(state, messageLog, writer, packer, observer, nonces, random, ahead);
      state.sendBy(sender);
      addedWhileStopped = false;
      closed = false;
      sender.start();
    } finally {
      state.unlock();
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
    state.lock();
    try {
      stopped = state.sender();
      state.sendBy(null);
    } finally {
      state.unlock();
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
    state.lock();
    try {
      return state.pendingKeys();
    } finally {
      state.unlock();
    }
  }

  /** Who waits for acceptance lets others run anyway. */
  private void send(@Nullable DirectPublisher directPublisher, Batch taken) {
    if (directPublisher == null) {
      writerYield.afterBatch();
      return;
    }
    directPublisher.send(taken);
    if (!settings.await()) {
      writerYield.afterHandOver();
    }
  }

  /**
   * Adds what the observer is to be told to a list, since an observer may stop the node: the lock
   * is held here, and whoever stops waits for the sender, which needs it.
   */
  private void addKey(String cache, Object key, List<Runnable> told) {
    Batch batch = state.batch();
    if (!batch.add(cache, key)) {
      told.add(() -> observer.keyNotEncodable(cache, key.getClass()));
    }
    noteIfLate(cache, told);
    if (isFull(batch, cache)) {
      state.awaitRoom(settings.maxPendingKeys(), settings.timeout());
      Batch present = state.batch();
      if (present == batch && isFull(present, cache)) {
        present.addWhole(cache);
        OverflowCause cause =
            state.isAccepting() ? OverflowCause.OUTPACED : OverflowCause.NOT_ACCEPTED;
        told.add(() -> observer.outboxOverflowed(cache, cause));
      }
    }
  }

  private boolean isFull(Batch batch, String cache) {
    return state.pendingKeys() > settings.maxPendingKeys() && !batch.isWhole(cache);
  }

  private void join(List<Batch> joined) {
    Batch present = state.batch();
    if (joined.isEmpty() || joined.get(joined.size() - 1) != present) {
      joined.add(present);
    }
  }

  private void noteIfLate(String cache, List<Runnable> told) {
    if (state.sender() == null) {
      addedWhileStopped = true;
      if (closed) {
        told.add(() -> observer.writtenTooLate(cache));
      }
    }
  }

  private Acceptance awaited(List<Batch> joined) {
    CompletableFuture<Void> accepted =
        CompletableFuture.allOf(
            joined.stream().map(Batch::accepted).toArray(CompletableFuture<?>[]::new));
    return new AwaitedAcceptance(this, accepted, settings.timeout());
  }

  /** Returns who sends now; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return state.sender();
  }

  private void reportUnpublished(Sender stopped) {
    int keys;
    int whole;
    state.lock();
    try {
      keys = state.batch().keyCount();
      whole = state.batch().wholeCount();
      addedWhileStopped &= keys + whole > 0 && stopped.lastFailure() == null;
    } finally {
      state.unlock();
    }
    if (keys + whole > 0) {
      observer.unpublishedAtStop(keys, whole, stopped.lastFailure());
    }
  }
}
