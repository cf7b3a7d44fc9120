package io.github.cacheinvalidation.coherence;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiver's thread: takes events in order, and the time in between. */
final class Follower {

  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  private static final long PAUSE_AFTER_FAILURE_NANOS = 100_000_000;

  private final Receiver receiver;

  private final EventQueue queue;

  private final Prober prober;

  private final LongSupplier nanoTime;

  private final Thread thread;

  private volatile boolean stopped;

  Follower(Receiver receiver, EventQueue queue, Prober prober, LongSupplier nanoTime) {
    this.receiver = receiver;
    this.queue = queue;
    this.prober = prober;
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::run, "cache-invalidation-receiver");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    prober.close();
  }

  private void run() {
    long next = nanoTime.getAsLong();
    while (!stopped) {
      try {
        long wait = Math.max(0, next - nanoTime.getAsLong());
        Event event = queue.poll(wait);
        if (queue.takeOverflow()) {
          receiver.on(new Event.Overflowed(), nanoTime.getAsLong());
        }
        next = step(event);
      } catch (InterruptedException interrupted) {
        if (!stopped) {
          log.debug("The receiver was interrupted although it is not stopped; it goes on");
        }
      }
    }
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
