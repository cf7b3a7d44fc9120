package io.github.cacheinvalidation.outbox;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.channel.Publication;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.CacheKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that sends what the outbox gathers. A message that the channel does not accept is
 * tried again, with a growing and random pause, until it is accepted or the outbox has stopped and
 * its time is up.
 */
final class Sender {

  private static final long FIRST_PAUSE_MILLIS = 50;

  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final Outbox outbox;

  private final Channel channel;

  private final BodyWriter writer;

  private final MessagePacker packer;

  private final InvalidationObserver observer;

  private final Supplier<String> nonces;

  private final Thread thread;

  private final CountDownLatch timeIsUp = new CountDownLatch(1);

  private volatile @Nullable RuntimeException lastFailure;

  Sender(
      Outbox outbox,
      Channel channel,
      BodyWriter writer,
      MessagePacker packer,
      InvalidationObserver observer,
      Supplier<String> nonces) {
    this.outbox = outbox;
    this.channel = channel;
    this.writer = writer;
    this.packer = packer;
    this.observer = observer;
    this.nonces = nonces;
    this.thread = new Thread(this::run, "cache-invalidation-sender");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits until all is sent, at most for the timeout and one attempt; the outbox has let go of it.
   */
  void stop(Duration timeout) {
    try {
      thread.join(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    timeIsUp.countDown();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  private void run() {
    try {
      Gathering taken = outbox.take(this);
      while (taken != null) {
        if (!send(taken)) {
          outbox.takeBack(taken);
          return;
        }
        outbox.accepted(taken);
        taken = outbox.take(this);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean send(Gathering taken) {
    boolean[] accepted = {true};
    packer.pack(taken.contents(), message -> accepted[0] = accepted[0] && publish(message));
    return accepted[0];
  }

  private boolean publish(List<CacheKeys> message) {
    byte[] body = writer.write(message);
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        channel.publish(new Publication(nonces.get(), body));
        lastFailure = null;
        observer.published(
            message.stream().mapToInt(cache -> cache.keys().size()).sum(),
            (int) message.stream().filter(CacheKeys::whole).count());
        return true;
      } catch (RuntimeException failure) {
        lastFailure = failure;
        observer.publishFailed(failure);
      }
      if (timeIsUpAfter(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1))) {
        return false;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private boolean timeIsUpAfter(long millis) {
    try {
      return timeIsUp.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
