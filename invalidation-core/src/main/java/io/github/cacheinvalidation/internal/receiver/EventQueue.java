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
 * The queue of the receiver's events. The bytes of queued messages are bounded. A message beyond
 * the bound is dropped, and the receiver is notified so that it reads the log. Other events are few
 * and never dropped.
 *
 * <p>An event is outstanding from {@link #put} until it {@linkplain #handled was handled}. A short
 * message of a node is first offered to the {@link InlineHandler}. The handler takes it only while
 * no event is outstanding, so no message overtakes another. Thread-safe.
 */
final class EventQueue {

  /** Handles a message on the thread that delivers it. */
  @FunctionalInterface
  interface InlineHandler {

    /** Returns false if it did not handle the message; then the message is queued. */
    boolean tryHandle(Event.Received message);
  }

  private static final long OVERHEAD_BYTES = 64L;

  /** The memory of a position and its predecessor, beyond their bytes on the wire. */
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

  /** Sets the handler that short messages are offered to first. */
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
        handled(); // out of memory
      }
    }
  }

  /** Marks one polled event as handled. */
  void handled() {
    outstanding.decrementAndGet();
  }

  /** Returns whether no event is outstanding. */
  boolean isIdle() {
    return outstanding.get() == 0;
  }

  /**
   * Has a short message handled inline, if possible. Otherwise queues, refuses or drops a message.
   *
   * @param delivery the message that arrived
   * @param mayHandle whether the calling thread may handle a short message
   */
  void putMessage(Delivery delivery, boolean mayHandle) {
    Event.Received received = new Event.Received(delivery);
    if (mayHandle && ShortMessages.include(delivery) && inlineHandler.tryHandle(received)) {
      return;
    }
    try {
      MessageReader.refuseOversized(delivery.body());
    } catch (UnreadableMessageException oversized) {
      put(new Event.Refused(oversized)); // keeps no payload
      return;
    }
    long size = size(delivery);
    if (queuedBytes.addAndGet(size) > maxBytes) {
      queuedBytes.addAndGet(-size);
      if (!overflowed.getAndSet(true)) {
        put(new Event.Due()); // wakes the receiver if the queue is empty by now
      }
    } else {
      put(received);
    }
  }

  /** Returns whether messages take half of the memory that they may take. */
  boolean isHalfFull() {
    return queuedBytes.get() > maxBytes / 2;
  }

  /** Waits for the next event. Returns null if none arrives in time. */
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

  /** Returns whether messages were dropped since the last call. */
  boolean takeOverflow() {
    return overflowed.get() && overflowed.getAndSet(false);
  }
}
