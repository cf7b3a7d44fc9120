package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.wire.MessageReader;
import io.github.cacheinvalidation.wire.UnreadableMessageException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue to the receiver's thread. Messages are bounded in bytes: what comes on top is dropped,
 * and the receiver is told so that it reads the log. Everything else is few and always taken.
 */
final class EventQueue {

  private static final long OVERHEAD_BYTES = 64L;

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private final AtomicLong queuedBytes = new AtomicLong();

  private final AtomicBoolean overflowed = new AtomicBoolean();

  private final long maxBytes;

  EventQueue(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void put(Event event) {
    events.add(event);
  }

  void putMessage(byte[] payload, boolean open) {
    try {
      MessageReader.refuseOversized(payload);
    } catch (UnreadableMessageException oversized) {
      put(new Event.Refused(oversized)); // and let go of its bytes
      return;
    }
    long size = payload.length + OVERHEAD_BYTES;
    if (queuedBytes.addAndGet(size) > maxBytes) {
      queuedBytes.addAndGet(-size);
      overflowed.set(true);
    } else {
      events.add(new Event.Received(payload, open));
    }
  }

  /** Waits for the next event, at most so long; null when none came. */
  @Nullable Event poll(long nanos) throws InterruptedException {
    Event event = events.poll(nanos, TimeUnit.NANOSECONDS);
    if (event instanceof Event.Received received) {
      queuedBytes.addAndGet(-(received.payload().length + OVERHEAD_BYTES));
    }
    return event;
  }

  /** Whether messages were dropped since this was asked last. */
  boolean takeOverflow() {
    return overflowed.get() && overflowed.getAndSet(false);
  }
}
