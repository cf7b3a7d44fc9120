package io.github.cacheinvalidation.outbox;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What gathers, and who may take it: the sender, or a writer while the sender is at rest and keeps
 * nothing. One of them has a publication under way at a time. All of it is guarded by one lock, and
 * nobody waits for anything but the lock and, as the sender, for something to take.
 */
final class Handover {

  private final ReentrantLock lock = new ReentrantLock();

  private final Condition added = lock.newCondition();

  private Gathering gathering = new Gathering();

  private boolean senderIdle;

  /** Whether the sender keeps nothing that it will try again. */
  private boolean senderFree;

  /** Whether a writer's own publication is under way. */
  private boolean expressUnderWay;

  /** What a writer could not publish by itself. */
  private @Nullable Gathering returned;

  private volatile int underWay;

  private volatile @Nullable Sender sender;

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** What gathers; looked at under the lock. */
  Gathering gathering() {
    return gathering;
  }

  /** How many keys gather or are under way; asked under the lock. */
  int pendingKeys() {
    return gathering.keyCount() + underWay;
  }

  /** Returns who sends now; null while the outbox is stopped. */
  @Nullable Sender sender() {
    return sender;
  }

  /** Sets who sends, under the lock; null lets the present one end. */
  void sendBy(@Nullable Sender next) {
    sender = next;
    added.signalAll();
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

  /**
   * Takes what gathers for the calling thread to publish by itself, if nothing is under way and it
   * is little; otherwise wakes the sender.
   *
   * @return what publishes it; null if the sender does
   */
  @Nullable Express expressOrWake() {
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
    return present.express();
  }

  private void wake() {
    if (senderIdle) {
      senderIdle = false;
      added.signal();
    }
  }
}
