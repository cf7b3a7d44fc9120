package io.github.cacheinvalidation.internal.receiver;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the receiver. The receiver's thread takes events in order and does timed work in between.
 *
 * <p>A short message that arrives while no event is outstanding is handled by the thread that
 * delivers it, because waking another thread costs more than the message. One thread at a time runs
 * the receiver, under a lock; a delivering thread never waits for that lock. Messages keep their
 * order: one thread delivers them, and none is handled while an earlier one is outstanding. If many
 * messages arrive without a pause, the receiver's thread handles them.
 */
final class ReceiverLoop {

  private static final Logger log = LoggerFactory.getLogger(ReceiverLoop.class);

  private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

  private static final int MOST_IN_A_ROW = 32;

  private static final long PAUSE_NANOS = 100_000;

  private final EventHandler receiver;

  private final EventQueue queue;

  private final Runnable whenEnded;

  private final LongSupplier nanoTime;

  private final Thread thread;

  private final ReentrantLock turn = new ReentrantLock();

  /** The latest time at which the receiver's thread wakes up. Guarded by the turn. */
  private long next;

  /** How many short messages arrived without a pause. Used by the delivering thread only. */
  private int inARow;

  private long lastArrival;

  private volatile boolean stopped;

  /**
   * Creates a loop that is not started.
   *
   * @param receiver the receiver to run
   * @param queue the queue of its events
   * @param whenEnded called when the receiver handles no more events
   * @param nanoTime the node's monotonic clock
   */
  ReceiverLoop(EventHandler receiver, EventQueue queue, Runnable whenEnded, LongSupplier nanoTime) {
    this.receiver = receiver;
    this.queue = queue;
    this.whenEnded = whenEnded;
    this.nanoTime = nanoTime;
    this.next = nanoTime.getAsLong();
    this.thread = new Thread(this::run, "cache-invalidation-receiver");
    this.thread.setDaemon(true);
    queue.handleInline(this::tryHandle);
  }

  void start() {
    thread.start();
  }

  /** Stops the receiver and waits until it has ended, unless the receiver itself calls this. */
  void stop() {
    stopped = true;
    thread.interrupt();
    if (!turn.isHeldByCurrentThread()) {
      awaitEnd();
    }
    whenEnded.run();
  }

  private void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    takeTurn(null); // waits for a delivering thread that still handles a message
  }

  private void run() {
    long wait = 0;
    while (!stopped) {
      try {
        wait = takeNext(wait);
      } catch (RuntimeException | Error failure) { // such as OutOfMemoryError
        log.error("The receiver failed and continues; a check will find missed messages", failure);
        wait = PAUSE_AFTER_FAILURE_NANOS;
      }
    }
  }

  /**
   * Waits for the next event and handles it. Does the due work, also if no event arrives in time.
   * Returns for how many nanoseconds nothing is due.
   */
  long takeNext(long wait) {
    Event event = null;
    try {
      event = queue.poll(wait);
      return takeTurn(event);
    } catch (InterruptedException interrupted) {
      if (!stopped) {
        log.debug("The receiver was interrupted but not stopped; it continues");
      }
      return 0;
    } finally {
      if (event != null) {
        queue.handled();
      }
    }
  }

  /** Returns for how many nanoseconds nothing is due. */
  private long takeTurn(@Nullable Event event) {
    turn.lock();
    try {
      if (!stopped) {
        if (queue.takeOverflow()) {
          receiver.on(new Event.Overflowed(), nanoTime.getAsLong());
        }
        next = step(event);
      }
      return Math.max(0, next - nanoTime.getAsLong());
    } finally {
      turn.unlock();
    }
  }

  /** Called by the delivering thread. Returns false if the message has to be queued. */
  private boolean tryHandle(Event.Received message) {
    if (areTooManyInARow() || !turn.tryLock()) {
      return false;
    }
    try {
      if (stopped || !queue.isIdle()) {
        return false;
      }
      long due = step(message);
      lastArrival = nanoTime.getAsLong(); // handling time is not a pause
      if (due - next < 0) {
        next = due;
        queue.put(new Event.Due());
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  private boolean areTooManyInARow() {
    long now = nanoTime.getAsLong();
    inARow = now - lastArrival < PAUSE_NANOS ? inARow + 1 : 0;
    lastArrival = now;
    return inARow >= MOST_IN_A_ROW;
  }

  private long step(@Nullable Event event) {
    try {
      if (event != null) {
        receiver.on(event, nanoTime.getAsLong());
      }
    } catch (RuntimeException | Error failure) {
      log.error("Handling {} failed; a check will find missed messages", event, failure);
    }
    try {
      return receiver.tick(nanoTime.getAsLong());
    } catch (RuntimeException | Error failure) {
      log.error("The receiver failed and continues; a check will find missed messages", failure);
      return nanoTime.getAsLong() + PAUSE_AFTER_FAILURE_NANOS;
    }
  }
}
