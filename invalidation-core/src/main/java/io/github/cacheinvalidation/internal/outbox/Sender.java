package io.github.cacheinvalidation.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that sends what the outbox gathers. A message that the channel does not accept is
 * tried again, with a growing and random pause, until it is accepted or the outbox has stopped and
 * its time is up.
 *
 * <p>What was refused but announced is kept here and tried again beside what gathers, so that every
 * later write is announced at once too.
 *
 * <p>While the thread is at rest and keeps nothing, a writer may send by itself, through the {@link
 * DirectPublisher}.
 */
final class Sender {

  private static final Logger log = LoggerFactory.getLogger(Sender.class);
  private static final long PAUSE_AFTER_ERROR_NANOS = 100_000_000;

  private final OutboxState state;
  private final DirectPublisher directPublisher;
  private final MessagePacker packer;
  private final Publisher publisher;
  private final Thread thread;

  private Batch refused = new Batch();

  private final RetryBackoff retryPauses;
  private long retryAtNanos;

  Sender(
      OutboxState state,
      MessageLog messageLog,
      BodyWriter writer,
      MessagePacker packer,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random,
      boolean ahead) {
    this.state = state;
    this.packer = packer;
    this.publisher = new Publisher(state, messageLog, writer, observer, nonces, random);
    this.retryPauses = new RetryBackoff(random);
    this.thread = new Thread(this::run, "cache-invalidation-sender");
    this.thread.setDaemon(true);
    this.directPublisher =
        new DirectPublisher(state, observer, messageLog, writer, packer, nonces, ahead);
  }

  DirectPublisher directPublisher() {
    return directPublisher;
  }

  void start() {
    thread.start();
  }

  /**
   * Waits until all is sent, at most for the timeout and one attempt; the outbox has let go of it.
   */
  void stop(Duration timeout) {
    if (Thread.currentThread() == thread) {
      publisher.end(); // an observer stops the node: this thread ends once it has returned
      return;
    }
    try {
      thread.join(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    publisher.end();
    state.giveUp();
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
    return publisher.lastFailure();
  }

  private void run() {
    PublishOutcome outcome = PublishOutcome.ACCEPTED;
    while (outcome != PublishOutcome.ENDED) {
      Batch taken = take();
      if (taken != null) {
        outcome = sendFresh(taken);
      } else if (refused.isEmpty()) {
        return;
      } else if (publisher.awaitEndFor(TimeUnit.NANOSECONDS.toMillis(untilRetry()) + 1)) {
        outcome = PublishOutcome.ENDED;
      }
      if (outcome != PublishOutcome.ENDED && !refused.isEmpty() && untilRetry() == 0) {
        outcome = sendRefused();
      }
    }
    state.takeBack(refused);
  }

  private long untilRetry() {
    return Math.max(0, retryAtNanos - System.nanoTime());
  }

  /** Nobody interrupts this thread to end it; code of the application may leave an interrupt. */
  private @Nullable Batch take() {
    while (true) {
      try {
        long patience = refused.isEmpty() ? Long.MAX_VALUE : untilRetry();
        return state.take(this, refused.keyCount(), patience);
      } catch (InterruptedException notOurs) {
        log.debug("The sender was interrupted although it is not stopped; it goes on");
      } catch (Error broken) { // memory is out, and nothing was taken
        LockSupport.parkNanos(PAUSE_AFTER_ERROR_NANOS);
      }
    }
  }

  private void keepRefused(Batch taken) {
    boolean kept = false;
    while (!kept) {
      try {
        refused.addAll(taken);
        kept = true;
      } catch (Error broken) { // the same; to add a key again changes nothing
        LockSupport.parkNanos(PAUSE_AFTER_ERROR_NANOS);
      }
    }
  }

  private PublishOutcome sendFresh(Batch taken) {
    PublishOutcome outcome = send(taken, PublishOutcome.REFUSED);
    switch (outcome) {
      case ACCEPTED -> {
        if (!taken.isEmpty()) {
          retryAtNanos = System.nanoTime();
        }
        state.accepted(taken, refused.keyCount());
      }
      case REFUSED -> {
        if (refused.isEmpty()) {
          retryPauses.restart();
          retryLater();
        }
        keepRefused(taken);
        state.refused(taken, refused.keyCount(), requireNonNull(publisher.lastRefusal()));
      }
      case ENDED -> state.takeBack(taken);
    }
    return outcome;
  }

  /** Everything in it was announced before, so the first refusal is enough to know. */
  private PublishOutcome sendRefused() {
    PublishOutcome outcome = send(refused, PublishOutcome.ACCEPTED);
    if (outcome == PublishOutcome.ACCEPTED) {
      refused = new Batch();
      state.accepted(refused, 0);
    } else {
      retryLater();
    }
    return outcome;
  }

  private void retryLater() {
    retryAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryPauses.next());
  }

  /**
   * Sends the messages of a gathering. Whatever breaks, memory that runs out included, ends neither
   * this thread nor the gathering: the second time its caches are sent as a whole, and so on until
   * the time is up.
   *
   * @param worst what must have become of the messages so far for the next one to be sent
   * @return what became of the one that fared worst
   */
  private PublishOutcome send(Batch taken, PublishOutcome worst) {
    @Nullable Throwable unreported = null;
    boolean whole = false;
    do {
      try {
        if (unreported != null) {
          Throwable report = unreported;
          unreported = null;
          log.error("Keys could not be sent; their whole caches are invalidated instead", report);
        }
        return send(whole ? wholeCaches(taken) : taken.contents(), worst);
      } catch (RuntimeException | Error broken) {
        unreported = broken;
        if (whole && publisher.awaitEndFor(RetryBackoff.LONGEST_MILLIS)) {
          break;
        }
        whole = true;
      }
    } while (!publisher.isEnded());
    return PublishOutcome.ENDED;
  }

  private static List<Invalidation.OfCache<Object>> wholeCaches(Batch taken) {
    return taken.contents().stream()
        .<Invalidation.OfCache<Object>>map(stale -> new Invalidation.Whole<>(stale.cache()))
        .toList();
  }

  private PublishOutcome send(List<Invalidation.OfCache<Object>> contents, PublishOutcome worst) {
    BatchPublisher batch = new BatchPublisher(publisher, worst, Outbox.PATIENCE);
    packer.pack(contents, batch::add);
    return batch.end();
  }
}
