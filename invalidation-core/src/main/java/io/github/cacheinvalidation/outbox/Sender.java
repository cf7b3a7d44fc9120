package io.github.cacheinvalidation.outbox;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.channel.Publication;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.CacheKeys;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that sends what the outbox gathers. A message that the channel does not accept is
 * tried again, with a growing and random pause, until it is accepted or the outbox has stopped and
 * its time is up.
 */
final class Sender {

  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  private static final long FIRST_PAUSE_MILLIS = 50;

  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final Outbox outbox;

  private final Channel channel;

  private final BodyWriter writer;

  private final MessagePacker packer;

  private final InvalidationObserver observer;

  private final Supplier<String> nonces;

  private final RandomGenerator random;

  private final Thread thread;

  private final CountDownLatch timeIsUp = new CountDownLatch(1);

  private volatile @Nullable RuntimeException lastFailure;

  Sender(
      Outbox outbox,
      Channel channel,
      BodyWriter writer,
      MessagePacker packer,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random) {
    this.outbox = outbox;
    this.channel = channel;
    this.writer = writer;
    this.packer = packer;
    this.observer = observer;
    this.nonces = nonces;
    this.random = random;
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
    if (Thread.currentThread() == thread) {
      timeIsUp.countDown(); // an observer stops the node: this thread ends once it has returned
      return;
    }
    try {
      thread.join(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    timeIsUp.countDown();
    joinUninterruptibly();
  }

  /** At most one attempt is still under way, and what it leaves must be in the outbox again. */
  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  private void run() {
    Gathering taken = take();
    while (taken != null) {
      if (!send(taken)) {
        outbox.takeBack(taken);
        return;
      }
      outbox.accepted(taken);
      taken = take();
    }
  }

  /** Nobody interrupts this thread to end it; code of the application may leave an interrupt. */
  private @Nullable Gathering take() {
    while (true) {
      try {
        return outbox.take(this);
      } catch (InterruptedException notOurs) {
        log.debug("The sender was interrupted although it is not stopped; it goes on");
      }
    }
  }

  /**
   * Whatever breaks, memory that runs out included, ends neither this thread nor the gathering: the
   * second time its caches are sent as a whole, and so on until it is accepted or the time is up.
   */
  private boolean send(Gathering taken) {
    @Nullable Throwable unreported = null;
    boolean whole = false;
    do {
      try {
        if (unreported != null) {
          Throwable report = unreported;
          unreported = null;
          log.error("Keys could not be sent; their whole caches are invalidated instead", report);
        }
        return send(whole ? wholeCaches(taken) : taken.contents());
      } catch (RuntimeException | Error broken) {
        unreported = broken;
        if (whole) {
          awaitEndFor(LONGEST_PAUSE_MILLIS);
        }
        whole = true;
      }
    } while (timeIsUp.getCount() > 0);
    return false;
  }

  private static List<StaleKeys> wholeCaches(Gathering taken) {
    return taken.contents().stream()
        .map(stale -> new StaleKeys(stale.cache(), true, Set.of()))
        .toList();
  }

  private boolean send(List<StaleKeys> contents) {
    boolean[] accepted = {true};
    packer.pack(contents, message -> accepted[0] = accepted[0] && publish(message));
    return accepted[0];
  }

  private boolean publish(List<CacheKeys> message) {
    byte[] body = writer.write(message);
    long pause = FIRST_PAUSE_MILLIS;
    while (timeIsUp.getCount() > 0) {
      if (attempt(body)) {
        observer.published(
            message.stream().mapToInt(cache -> cache.keys().size()).sum(),
            (int) message.stream().filter(CacheKeys::whole).count());
        return true;
      }
      awaitEndFor(pause / 2 + random.nextLong(pause / 2 + 1));
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
    return false;
  }

  private boolean attempt(byte[] body) {
    try {
      channel.publish(new Publication(nonces.get(), body));
      lastFailure = null;
      return true;
    } catch (RuntimeException failure) {
      failed(failure);
    } catch (Error broken) {
      failed(new IllegalStateException(broken));
    }
    return false;
  }

  private void failed(RuntimeException failure) {
    lastFailure = failure;
    observer.publishFailed(failure);
  }

  private void awaitEndFor(long millis) {
    try {
      if (timeIsUp.await(millis, TimeUnit.MILLISECONDS)) {
        log.debug("The time to publish is up");
      }
    } catch (InterruptedException notOurs) {
      log.debug("The sender was interrupted although it is not stopped; it goes on");
    }
  }
}
