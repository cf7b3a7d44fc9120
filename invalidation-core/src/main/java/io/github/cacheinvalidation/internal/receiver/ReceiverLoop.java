package io.github.cacheinvalidation.internal.receiver;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the receiver: a thread of its own takes events in order, and the time in between.
 *
 * <p>A short message that arrives while nothing else is outstanding is handled by the thread that
 * delivers it, since waking another costs more than the message. One thread at a time runs the
 * receiver, under a lock for which nobody who delivers ever waits; and since messages are delivered
 * by one thread and none passes another that is outstanding, their order stays. When many come
 * without a pause, the thread takes over.
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

  /** When the thread looks at the time again at the latest. Guarded by the turn. */
  private long next;

  /** How many short messages came without a pause. Of the thread that delivers them. */
  private int inARow;

  private long lastArrival;

  private volatile boolean stopped;

  /**
   * Creates one that follows nothing yet.
   *
   * @param receiver is run, in turns
   * @param queue where events come from
   * @param whenEnded is called once the receiver runs no more
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

  /** After it the receiver runs no more, unless it is the receiver that has called this. */
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
    takeTurn(null); // after who may still handle a message
  }

  private void run() {
    long wait = 0;
    while (!stopped) {
      try {
        wait = takeNext(wait);
      } catch (RuntimeException | Error failure) { // such as memory that is out
        log.error("The receiver failed; the node goes on and checks what it covers", failure);
        wait = PAUSE_AFTER_FAILURE_NANOS;
      }
    }
  }

  /** Handles the next event, or none if none comes in time. Returns how long nothing is due. */
  long takeNext(long wait) {
    Event event = null;
    try {
      event = queue.poll(wait);
      return takeTurn(event);
    } catch (InterruptedException interrupted) {
      if (!stopped) {
        log.debug("The receiver was interrupted although it is not stopped; it goes on");
      }
      return 0;
    } finally {
      if (event != null) {
        queue.handled();
      }
    }
  }

  /** Returns how long nothing is due. */
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

  /** Called by the thread that delivers messages. Returns false where it may not be handled now. */
  private boolean tryHandle(Event.Received message) {
    if (areTooManyInARow() || !turn.tryLock()) {
      return false;
    }
    try {
      if (stopped || !queue.isIdle()) {
        return false;
      }
      long due = step(message);
      lastArrival = nanoTime.getAsLong(); // the next one may have come meanwhile
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
      log.error("Handling {} failed; the node goes on and checks what it covers", event, failure);
    }
    try {
      return receiver.tick(nanoTime.getAsLong());
    } catch (RuntimeException | Error failure) {
      log.error("The receiver failed; the node goes on and checks what it covers", failure);
      return nanoTime.getAsLong() + PAUSE_AFTER_FAILURE_NANOS;
    }
  }
}
