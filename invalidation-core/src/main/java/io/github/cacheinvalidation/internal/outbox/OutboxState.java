package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of the outbox: the keys that gather, and the publications under way. The sender
 * takes the keys; while the sender is idle and keeps nothing to try again, a writer may take them.
 * Either the sender publishes, or up to a few writers do. The sender waits until the publications
 * of writers have ended, and publishes again what was not answered in time. One lock guards all of
 * it. The sender waits for keys, and a writer for room; neither holds the lock meanwhile.
 */
final class OutboxState {

  private final ReentrantLock lock;

  private final Condition added;

  /** Something that writers wait for has changed: the room, or whether the channel works. */
  private final Condition changed;

  private final Backpressure backpressure;

  private Batch batch = new Batch();

  /** The sender that waits and was not woken. */
  private @Nullable Sender idle;

  /** Whether the sender keeps nothing that it will try again. */
  private boolean senderFree;

  private final DirectPublications direct;

  /** Whether something gathers that is the sender's, so that no writer may overtake it. */
  private boolean behind;

  private volatile int underWay;

  private volatile @Nullable Sender sender;

  /**
   * Creates it.
   *
   * @param lock guards all of it, and nothing else
   * @param patience how long a writer's publication may be under way; much longer than a channel
   *     takes to answer or to give up
   * @param mostDirect how many publications of writers may be under way
   * @param stall how long the channel may accept nothing while writers wait for room
   */
  OutboxState(ReentrantLock lock, Duration patience, int mostDirect, Duration stall) {
    this.lock = lock;
    this.added = lock.newCondition();
    this.changed = lock.newCondition();
    this.direct = new DirectPublications(patience, mostDirect);
    this.backpressure = new Backpressure(changed, stall);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** What gathers; looked at under the lock. */
  Batch batch() {
    return batch;
  }

  /** How many keys gather or are under way; asked under the lock. */
  int pendingKeys() {
    return batch.keyCount() + direct.keyCount() + underWay;
  }

  /**
   * Waits, under the lock, which it gives up meanwhile, until no more keys than these are pending.
   * Returns early where the channel accepts nothing; see {@link Backpressure}. Does not wait in
   * code of the application that whoever holds the lock has called.
   */
  void awaitRoom(int mostKeys, Duration longest) {
    if (lock.getHoldCount() > 1) {
      return;
    }
    leaveToSender();
    backpressure.await(() -> pendingKeys() > mostKeys, this::isWorking, longest.toNanos());
  }

  /** Whether the channel accepts messages, as far as is known; asked under the lock. */
  boolean isAccepting() {
    return isWorking() && !backpressure.isStalled();
  }

  private boolean isWorking() {
    Sender present = sender;
    return present != null && present.lastFailure() == null;
  }

  /** The sender's attempt to publish has failed. */
  void attemptFailed() {
    lock.lock();
    try {
      backpressure.failed();
    } finally {
      lock.unlock();
    }
  }

  /** A message of the sender with so many keys was accepted; more of the same may follow. */
  void messageAccepted(int keys) {
    lock.lock();
    try {
      underWay = Math.max(0, underWay - keys);
      backpressure.progressed();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a writer could take what gathers; asked under the lock. */
  boolean isAtRest() {
    return idle != null && direct.hasRoom() && senderFree;
  }

  /** Returns who sends now; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return sender;
  }

  /** Sets who sends, under the lock; null lets the present one end. */
  void sendBy(@Nullable Sender next) {
    sender = next;
    idle = null;
    added.signalAll(); // one that was replaced may wait as well
    backpressure.failed();
  }

  /**
   * Waits until there is something to send, or for a time, after which what it returns is empty;
   * returns null when the caller is no longer the sender and nothing is left, or another is.
   *
   * @param kept how many keys the caller keeps, which count as pending
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
        long rest = Math.min(left, direct.untilGivenUp()); // a hand-over wakes nobody
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

  /** Gives what is under way for a writer to the last sender, whose time is up. */
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
    Batch fresh = new Batch(); // first, since memory can run out
    Batch taken = batch;
    batch = fresh;
    behind = false;
    backpressure.progressed();
    return taken;
  }

  /** Ends the way of what was published for a writer. */
  void directAccepted(Batch taken) {
    endDirect(taken, true);
    taken.accepted().complete(null);
  }

  /** Hands the sender what could not be published for a writer. */
  void directFailed(Batch taken) {
    endDirect(taken, false);
  }

  private void endDirect(Batch taken, boolean accepted) {
    lock.lock();
    try {
      if (!direct.end(taken, accepted)) {
        return; // the sender has it already
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

  /** Ends the way of a gathering: all of it was accepted. */
  void accepted(Batch taken, int kept) {
    lock.lock();
    try {
      underWay = kept;
      backpressure.progressed();
    } finally {
      lock.unlock();
    }
    taken.accepted().complete(null);
  }

  /** Ends the waiting for a gathering that was refused, which the sender keeps and tries again. */
  void refused(Batch taken, int kept, RuntimeException cause) {
    underWay = kept;
    taken.accepted().completeExceptionally(cause);
  }

  /**
   * Takes back a gathering that could not be sent before the sender stopped, and with the last
   * sender what is left of writers.
   */
  void takeBack(Batch taken) {
    List<Batch> ended = new ArrayList<>();
    lock.lock();
    try {
      underWay = sender == null ? 0 : underWay;
      batch.addAll(taken);
      ended.add(taken);
      while (sender == null && direct.hasReturned()) {
        batch.addAll(direct.firstReturned()); // before it is gone, since memory can run out
        ended.add(direct.takeReturned());
      }
      wake();
    } finally {
      lock.unlock();
    }
    for (Batch each : ended) {
      each.accepted().completeExceptionally(new IllegalStateException("The outbox was stopped"));
    }
  }

  /**
   * Takes what gathers for the calling writer, if the sender is at rest, little gathers, and few
   * publications are under way; otherwise wakes the sender.
   *
   * @return who publishes it; null if the sender does, or has taken it while the writer waited
   */
  @Nullable DirectPublisher directPublisherOrWake() {
    Sender present = sender;
    if (present == null || batch.isEmpty()) {
      return null;
    }
    if (behind || !isAtRest() || !batch.isLittle()) {
      leaveToSender();
      return null;
    }
    Batch taken = takeBatch();
    direct.begin(taken);
    return present.directPublisher();
  }

  /** The sender that is at rest gets work, so the channel cannot have accepted it earlier. */
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
