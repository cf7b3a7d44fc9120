package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys that were invalidated on this node until the channel has accepted them. A writer
 * adds its keys to the current batch. The sender thread takes the batch and publishes it; meanwhile
 * the next batch fills. So a busy system publishes large batches, without a timer. If the sender is
 * idle, a writer may publish a small batch itself; see {@link DirectPublisher}.
 *
 * <p>Evictions commute, so a batch keeps no order. No key is dropped: a batch that could not be
 * published is tried again. If more keys than the limit are pending, a writer waits briefly for
 * room while the channel accepts messages; then the whole cache replaces its keys.
 *
 * <p>For any thread. Adding waits for room only; {@link Acceptance#await} waits for the channel.
 */
public final class Outbox implements InvalidationSink {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The most direct publications under way. A busier writer is faster with large messages. */
  private static final int MOST_DIRECT = 4;

  /** The time after which a command of the channel without an answer has failed. */
  private static final Duration STALL = Duration.ofMillis(500);

  private static final String BROKEN = "has an equals or hashCode method that throws";
  private final OutboxSettings settings;
  private final InvalidationObserver observer;
  private final SenderFactory senders;
  private final ForeignPublisher foreign;
  private final OutboxState state;
  private final QuietWriterPause quietPause;
  private volatile @Nullable MessageTracer tracer;
  private volatile boolean addedWhileStopped;
  private volatile boolean closed;

  /**
   * Creates an outbox that is not started.
   *
   * @param encoder encodes keys, on the sender's thread or the event loop
   * @param settings the limits
   * @param observer is notified of publications, failures and overflows
   * @param nonces returns a new random id for each attempt to publish
   * @param random spreads the retries, on the sender's thread
   * @param foreign gets each batch that the channel has accepted; started and stopped with this
   */
  public Outbox(
      KeyEncoder encoder,
      OutboxSettings settings,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random,
      ForeignPublisher foreign) {
    this(
        encoder,
        settings,
        observer,
        nonces,
        random,
        foreign,
        new OutboxState(new ReentrantLock(), PATIENCE, MOST_DIRECT, STALL, System::nanoTime),
        new QuietWriterPause());
  }

  Outbox(
      KeyEncoder encoder,
      OutboxSettings settings,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random,
      ForeignPublisher foreign,
      OutboxState state,
      QuietWriterPause quietPause) {
    this.settings = settings;
    this.observer = observer;
    this.senders =
        new SenderFactory(encoder, settings.maxBatchKeys(), observer, nonces, random, foreign);
    this.foreign = foreign;
    this.state = state;
    this.quietPause = quietPause;
  }

  /** Sets the tracer of the messages, before the first start; null, the default, for none. */
  public void traceWith(@Nullable MessageTracer value) {
    tracer = value;
  }

  @Override
  public Acceptance add(String cache, Object key) {
    return new Addition(this, cache, key).finish();
  }

  @Override
  public Acceptance addAll(List<Invalidation.OfCache<Object>> stale) {
    return new Addition(this, stale).finish();
  }

  /**
   * Continues to add the invalidations of a writer.
   *
   * @param waits whether to wait for room; otherwise the addition stops where there is none
   */
  void advance(Addition addition, boolean waits) {
    List<Runnable> told = new ArrayList<>(0);
    Batch last;
    DirectPublisher directPublisher;
    state.lock();
    try {
      addition.advance(waits, told);
      last = state.batch();
      directPublisher = state.directPublisherOrWake();
    } finally {
      state.unlock();
    }
    addition.sent(send(directPublisher, last));
    told.forEach(Runnable::run);
  }

  /**
   * Starts the sender.
   *
   * @param messageLog the log to publish to
   * @param writer writes messages under the identity of this start
   * @throws IllegalStateException if the outbox is already started
   */
  public void start(MessageLog messageLog, BodyWriter writer) {
    startSender(messageLog, writer);
    foreign.start(messageLog);
  }

  /** Does the same without the publisher for other programs. */
  void startSender(MessageLog messageLog, BodyWriter writer) {
    state.lock();
    try {
      if (state.sender() != null) {
        throw new IllegalStateException("The outbox is already started; stop it first");
      }
      Sender sender = senders.create(state, messageLog, writer, tracer);
      state.sendBy(sender);
      addedWhileStopped = false;
      closed = false;
      sender.start();
    } finally {
      state.unlock();
    }
  }

  /**
   * Sends the pending keys and stops. Keys that could not be sent in time stay pending and are
   * reported to the observer. Does nothing if the outbox is not started.
   *
   * @param timeout how long to try; the last attempt may end later
   */
  public void stop(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    OutboxStop stop = OutboxStop.of(Stream.of(this));
    if (stop.concernsAny()) {
      stop.await(deadline).tell(observer);
      foreign.stop(OutboxStop.until(deadline));
    }
  }

  /** Lets the sender end when all is sent; returns null if the outbox is not started. */
  OutboxStop.@Nullable Part beginStop() {
    state.lock();
    try {
      Sender stopped = state.sender();
      state.sendBy(null);
      return stopped == null ? null : new OutboxStop.Part(this, stopped);
    } finally {
      state.unlock();
    }
  }

  /**
   * Marks the outbox as closed. While it is stopped, the observer is notified of every added key.
   *
   * @return whether keys were added since the last stop, or before the first start
   */
  public boolean close() {
    closed = true;
    return addedWhileStopped;
  }

  /** Returns how many keys are pending or under way, without waiting for the channel. */
  public int pendingKeys() {
    state.lock();
    try {
      return state.pendingKeys();
    } finally {
      state.unlock();
    }
  }

  /** Returns whether no key and no whole cache is pending or under way; false while stopped. */
  public boolean isDrained() {
    return state.isDrained();
  }

  private Acceptance send(@Nullable DirectPublisher directPublisher, Batch taken) {
    if (directPublisher == null) {
      quietPause.afterBatch();
      return Acceptance.NOT_AWAITED;
    }
    directPublisher.send(taken);
    return quietPause.afterHandOver(taken);
  }

  /** Returns the current batch; called under the lock. */
  Batch batch() {
    return state.batch();
  }

  /** Adds a whole cache, under the lock. */
  void addWhole(String cache, List<Runnable> told) {
    state.batch().noteCause(tracer);
    state.batch().addWhole(cache);
    noteIfLate(cache, told);
  }

  /**
   * Adds a key, under the lock. Collects the calls of the observer for after the unlock: an
   * observer may stop the node, and the stop waits for the sender, which needs the lock.
   *
   * @return whether there was no room, so that the caller is to make some
   */
  boolean addKey(String cache, Object key, List<Runnable> told) {
    Batch batch = state.batch();
    batch.noteCause(tracer);
    if (!batch.add(cache, key)) {
      Class<?> type = key.getClass();
      told.add(() -> observer.keyNotEncodable(cache, type, type, BROKEN));
    }
    noteIfLate(cache, told);
    return isFull(batch, cache);
  }

  /**
   * Waits for room, under the lock. If there is none in the end, the cache replaces its keys.
   *
   * @param full the batch with the key that had no room
   */
  void makeRoom(Batch full, String cache, List<Runnable> told) {
    if (isFull(state.batch(), cache)) { // the lock no longer guards the full one once it is taken
      state.awaitRoom(settings.maxPendingKeys(), settings.timeout());
      Batch present = state.batch();
      if (present == full && isFull(present, cache)) {
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

  private void noteIfLate(String cache, List<Runnable> told) {
    if (state.sender() == null) {
      addedWhileStopped = true;
      if (closed) {
        told.add(() -> observer.writtenTooLate(cache));
      }
    }
  }

  /** Returns how a writer waits for the batches that it joined, or for the last one it sent. */
  Acceptance acceptance(List<Batch> joined, Acceptance sent) {
    if (!settings.await()) {
      return sent;
    }
    CompletableFuture<Void> accepted =
        CompletableFuture.allOf(
            joined.stream().map(Batch::accepted).toArray(CompletableFuture<?>[]::new));
    return new AwaitedAcceptance(this, accepted, settings.timeout());
  }

  /** Returns whether the outbox is started, and its last attempt to publish did not fail. */
  boolean isPublishing() {
    Sender present = state.sender();
    return present != null && present.lastFailure() == null;
  }

  /** Returns the present sender; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return state.sender();
  }

  /** Returns what a sender has left that has ended. */
  UnpublishedKeys unpublished(Sender stopped) {
    state.lock();
    try {
      int keys = state.batch().keyCount();
      int whole = state.batch().wholeCount();
      addedWhileStopped &= keys + whole > 0 && stopped.lastFailure() == null;
      return new UnpublishedKeys(keys, whole, stopped.lastFailure());
    } finally {
      state.unlock();
    }
  }
}
