package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of the outbox: the current batch, and the publications under way. The sender
 * takes the batch. If the sender is idle and keeps no refused keys, a writer may take the batch for
 * a direct publication. Either the sender publishes, or a few direct publications are under way.
 * The sender waits until these have ended, and publishes again those without an answer in time. One
 * lock guards this state. The sender waits for keys and a writer for room; both release the lock.
 */
final class OutboxState {

  private final ReentrantLock lock;
  private final Condition added;
  private final Backpressure backpressure;
  private final DirectPublications direct;
  private Batch batch = new Batch();
  private volatile @Nullable Sender sender;

  /** Signalled when there may be room, or when the channel has failed or accepted a message. */
  private final Condition changed;

  /** The sender while it waits and was not woken; otherwise null. */
  private @Nullable Sender idle;

  /** Whether the sender keeps no refused keys that it will try again. */
  private boolean senderFree;

  /** Whether the current batch is left to the sender, so that no writer may take it. */
  private boolean behind;

  /** The number of keys that the sender publishes or keeps. */
  private volatile int underWay;

  /**
   * Creates the state of an outbox that is not started.
   *
   * @param lock guards this state, and nothing else
   * @param patience the longest direct publication; much longer than a channel takes to give up
   * @param mostDirect the most direct publications under way
   * @param stall how long the channel may accept nothing while writers wait for room
   * @param nanos the monotonic clock for the stall time
   */
  OutboxState(
      ReentrantLock lock, Duration patience, int mostDirect, Duration stall, LongSupplier nanos) {
    this.lock = lock;
    this.added = lock.newCondition();
    this.changed = lock.newCondition();
    this.direct = new DirectPublications(patience, mostDirect);
    this.backpressure = new Backpressure(changed, stall, nanos);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Returns the current batch; called under the lock. */
  Batch batch() {
    return batch;
  }

  /** Returns how many keys are pending or under way; called under the lock. */
  int pendingKeys() {
    return batch.keyCount() + direct.keyCount() + underWay;
  }

  /**
   * Waits until at most {@code mostKeys} keys are pending. Called under the lock, which it releases
   * meanwhile. Returns early if the channel accepts nothing; see {@link Backpressure}. Does not
   * wait if the lock is held twice: then application code adds the key inside another addition.
   */
  void awaitRoom(int mostKeys, Duration longest) {
    if (lock.getHoldCount() > 1) {
      return;
    }
    leaveToSender();
    backpressure.await(() -> pendingKeys() > mostKeys, this::isWorking, longest.toNanos());
  }

  /** Whether the channel accepts messages, as far as is known; called under the lock. */
  boolean isAccepting() {
    return isWorking() && !backpressure.isStalled();
  }

  private boolean isWorking() {
    Sender present = sender;
    return present != null && present.lastFailure() == null;
  }

  /** An attempt of the sender to publish has failed. */
  void attemptFailed() {
    lock.lock();
    try {
      backpressure.failed();
    } finally {
      lock.unlock();
    }
  }

  /** A message of the sender was accepted; more messages of the same batch may follow. */
  void messageAccepted(int keys) {
    lock.lock();
    try {
      underWay = Math.max(0, underWay - keys);
      backpressure.progressed();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a writer could take the batch; called under the lock. */
  boolean isAtRest() {
    return idle != null && direct.hasRoom() && senderFree;
  }

  /** Returns whether nothing is pending or under way, and the sender waits for more. */
  boolean isDrained() {
    lock.lock();
    try {
      return batch.isEmpty() && !direct.isUnderWay() && isAtRest();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the present sender; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return sender;
  }

  /** Sets the sender, under the lock; null lets the present sender end. */
  void sendBy(@Nullable Sender next) {
    sender = next;
    idle = null;
    added.signalAll(); // a replaced sender may wait too
    backpressure.progressed(); // the stall time of the next sender begins
  }

  /**
   * Waits for keys to send, and takes them. The batch is empty if none came in time. Returns null
   * if another sender replaced the caller, or if the outbox was stopped and no keys are left.
   *
   * @param kept how many refused keys the caller keeps; these count as pending
   * @param nanos the longest wait; {@code Long.MAX_VALUE} if the caller keeps no refused keys
   */
  @Nullable Batch take(Sender caller, int kept, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (direct.isUnderWay() || (!direct.hasReturned() && batch.isEmpty() && left > 0)) {
        if (sender != caller && (sender != null || !direct.isUnderWay())) {
          return null;
        }
        senderFree = nanos == Long.MAX_VALUE;
        long rest = Math.min(left, direct.untilGivenUp()); // a hand-over does not wake the sender
        idle = caller;
        try {
          left -= rest - added.awaitNanos(rest);
        } finally {
          idle = idle == caller ? null : idle;
        }
        direct.giveUpLate();
      }
      if (sender != caller && sender != null) {
        return null;
      }
      Batch taken = direct.hasReturned() ? direct.takeReturned() : takeBatch();
      underWay = taken.keyCount() + kept;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the direct publications under way to the last sender, whose time is up. */
  void giveUp() {
    lock.lock();
    try {
      if (direct.isUnderWay() && sender == null) {
        direct.giveUpAll();
        idle = null;
        added.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private Batch takeBatch() {
    Batch fresh = new Batch(); // first, because memory can run out
    Batch taken = batch;
    batch = fresh;
    behind = false;
    backpressure.progressed();
    return taken;
  }

  /**
   * Ends a direct publication that was accepted. Returns false if the sender has published the
   * batch meanwhile.
   */
  boolean directAccepted(Batch taken) {
    endDirect(taken, true);
    return taken.accepted().complete(null);
  }

  /** Hands a failed direct publication to the sender. */
  void directFailed(Batch taken) {
    endDirect(taken, false);
  }

  private void endDirect(Batch taken, boolean accepted) {
    lock.lock();
    try {
      if (!direct.end(taken, accepted)) {
        return; // the sender took it already
      }
      if (accepted) {
        backpressure.progressed();
      }
      boolean left = direct.hasReturned() || !batch.isEmpty();
      if ((left && !direct.isUnderWay()) || sender == null) {
        wake();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a batch of the sender: all its messages were accepted. Returns false if its direct
   * publication was accepted after all.
   */
  boolean accepted(Batch taken, int kept) {
    lock.lock();
    try {
      underWay = kept;
      backpressure.progressed();
    } finally {
      lock.unlock();
    }
    return taken.accepted().complete(null);
  }

  /** Ends the waits for a refused batch, whose keys the sender keeps; returns as above. */
  boolean refused(Batch taken, int kept, RuntimeException cause) {
    underWay = kept;
    return taken.accepted().completeExceptionally(cause);
  }

  /**
   * Takes back a batch that could not be sent before the sender stopped. If the outbox is stopped,
   * also takes back the failed direct publications.
   */
  void takeBack(Batch taken) {
    List<Batch> ended = new ArrayList<>();
    lock.lock();
    try {
      underWay = sender == null ? 0 : underWay;
      batch.addAll(taken);
      ended.add(taken);
      while (sender == null && direct.hasReturned()) {
        batch.addAll(direct.firstReturned()); // before removal, because memory can run out
        ended.add(direct.takeReturned());
      }
      wake();
    } finally {
      lock.unlock();
    }
    ended.forEach(Batch::stopped);
  }

  /**
   * Takes the batch for a direct publication by the calling writer, if the sender is idle, the
   * batch is small, and few direct publications are under way; otherwise wakes the sender. A write
   * by {@code equals} of a key that is just being added leaves the batch, which that key joins.
   *
   * @return publishes the batch; null if the sender does, or took it while the writer waited
   */
  @Nullable DirectPublisher directPublisherOrWake() {
    Sender present = sender;
    if (present == null || batch.isEmpty()) {
      return null;
    }
    if (behind || !isAtRest() || !batch.isLittle() || lock.getHoldCount() > 1) {
      leaveToSender();
      return null;
    }
    Batch taken = takeBatch();
    direct.begin(taken);
    return present.directPublisher();
  }

  /** Leaves the batch to the sender. If the sender is idle, the stall time begins now. */
  private void leaveToSender() {
    behind = true;
    if (!direct.isUnderWay() && idle != null) {
      backpressure.progressed();
      wake();
    }
  }

  private void wake() {
    if (idle != null) {
      idle = null;
      added.signalAll();
    }
  }
}
