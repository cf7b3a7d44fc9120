package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue to the receiver's thread. Messages are bounded in bytes: what comes on top is dropped,
 * and the receiver is told so that it reads the log. Everything else is few and always taken.
 *
 * <p>What was put in counts as outstanding until it {@linkplain #handled was handled}. A short
 * message of a node is offered to the {@link InlineHandler} first, which takes it only while
 * nothing is outstanding, so that no message overtakes another.
 */
final class EventQueue {

  /** Handles a message on the thread that delivers it. */
  @FunctionalInterface
  interface InlineHandler {

    /** Returns false if it does not, so that the message has to be queued. */
    boolean tryHandle(Event.Received message);
  }

  private static final long OVERHEAD_BYTES = 64L;

  /** What a position and its predecessor take beside the bytes that they have on the wire. */
  private static final long PLACE_BYTES = 256L;

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private final AtomicLong queuedBytes = new AtomicLong();

  private final AtomicInteger outstanding = new AtomicInteger();

  private final AtomicBoolean overflowed = new AtomicBoolean();

  private final long maxBytes;

  private volatile InlineHandler inlineHandler = message -> false;

  EventQueue(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** From now on short messages are offered to it first. */
  void handleInline(InlineHandler handler) {
    inlineHandler = handler;
  }

  void put(Event event) {
    outstanding.incrementAndGet();
    boolean added = false;
    try {
      added = events.add(event);
    } finally {
      if (!added) {
        handled(); // memory is out
      }
    }
  }

  /** Says that an event that was polled has been handled. */
  void handled() {
    outstanding.decrementAndGet();
  }

  /** Whether everything that was put in before has been handled. */
  boolean isIdle() {
    return outstanding.get() == 0;
  }

  /**
   * Takes a message.
   *
   * @param delivery what arrived
   * @param mayHandle whether the calling thread may handle it, if it is short
   */
  void putMessage(Delivery delivery, boolean mayHandle) {
    Event.Received received = new Event.Received(delivery);
    if (mayHandle && ShortMessages.include(delivery) && inlineHandler.tryHandle(received)) {
      return;
    }
    try {
      MessageReader.refuseOversized(delivery.body());
    } catch (UnreadableMessageException oversized) {
      put(new Event.Refused(oversized)); // and let go of its bytes
      return;
    }
    long size = size(delivery);
    if (queuedBytes.addAndGet(size) > maxBytes) {
      queuedBytes.addAndGet(-size);
      if (!overflowed.getAndSet(true)) {
        put(new Event.Due()); // all that came before may have been handled meanwhile
      }
    } else {
      put(received);
    }
  }

  /** Waits for the next event, at most so long; null when none came. */
  @Nullable Event poll(long nanos) throws InterruptedException {
    Event event = events.poll(nanos, TimeUnit.NANOSECONDS);
    if (event instanceof Event.Received received) {
      queuedBytes.addAndGet(-size(received.delivery()));
    }
    return event;
  }

  private static long size(Delivery delivery) {
    long place = delivery.position() == null ? 0 : PLACE_BYTES;
    return delivery.size() + OVERHEAD_BYTES + place;
  }

  /** Whether messages were dropped since this was asked last. */
  boolean takeOverflow() {
    return overflowed.get() && overflowed.getAndSet(false);
  }
}
