package io.github.cacheinvalidation.internal.outbox;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageTracer;
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
 * The thread that publishes the batches of the {@link Outbox}. A message that the channel does not
 * accept is tried again after a growing random pause, until it is accepted or the outbox has
 * stopped and its time is up.
 *
 * <p>If the log refuses a batch but the subscribers get it, this class keeps the batch and
 * publishes it again between newer batches. So the subscribers get every later write at once, too.
 *
 * <p>While this thread is idle and keeps no refused keys, a writer may publish through the {@link
 * DirectPublisher}.
 */
final class Sender {

  private static final Logger log = LoggerFactory.getLogger(Sender.class);
  private static final long PAUSE_AFTER_ERROR_NANOS = 100_000_000;
  private static final Batch NOTHING = new Batch();

  private final OutboxState state;
  private final DirectPublisher directPublisher;
  private final MessagePacker packer;
  private final @Nullable MessageTracer tracer;
  private final Publisher publisher;
  private final ForeignPublisher foreign;
  private final Thread thread;

  /** Changed by this thread alone. */
  private volatile Batch refused = new Batch();

  /** The batch that is being published; otherwise {@link #NOTHING}. */
  private volatile Batch sending = NOTHING;

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
      ForeignPublisher foreign,
      @Nullable MessageTracer tracer) {
    this.state = state;
    this.tracer = tracer;
    this.packer = packer;
    this.foreign = foreign;
    this.publisher = new Publisher(state, messageLog, writer, observer, nonces, random);
    this.retryPauses = new RetryBackoff(random);
    this.thread = new Thread(this::run, "cache-invalidation-sender");
    this.thread.setDaemon(true);
    this.directPublisher =
        new DirectPublisher(state, observer, messageLog, writer, packer, nonces, foreign, tracer);
  }

  DirectPublisher directPublisher() {
    return directPublisher;
  }

  void start() {
    thread.start();
  }

  /**
   * Waits until all keys are sent, at most for the timeout. The outbox must have removed this
   * sender before. Does not wait on the thread of the sender, where an observer stops the node.
   */
  void awaitSent(Duration timeout) {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the running attempt be the last one. */
  void endAttempts() {
    publisher.end();
    if (Thread.currentThread() != thread) {
      state.giveUp();
    }
  }

  /** Waits for the last attempt, so that the keys it leaves are in the outbox again. */
  void awaitEnd() {
    boolean interrupted = false;
    while (Thread.currentThread() != thread) {
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

  /** Returns how long the oldest key that this sender holds has waited; 0 if it holds none. */
  long longestWaitNanos() {
    return Math.max(sending.waitedNanos(), refused.waitedNanos());
  }

  private void run() {
    PublishOutcome outcome = PublishOutcome.ACCEPTED;
    while (outcome != PublishOutcome.ENDED) {
      Batch taken = take();
      if (taken != null) {
        sending = taken;
        outcome = sendFresh(taken);
        sending = NOTHING;
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

  /** Ignores interrupts: they do not end this thread, but application code may leave one. */
  private @Nullable Batch take() {
    while (true) {
      try {
        long patience = refused.isEmpty() ? Long.MAX_VALUE : untilRetry();
        return state.take(this, refused.keyCount(), patience);
      } catch (InterruptedException notOurs) {
        log.debug("The sender was interrupted although it is not stopped; it goes on");
      } catch (Error broken) { // out of memory; no batch was taken
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
      } catch (Error broken) { // out of memory; adding a key twice is harmless
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
        if (state.accepted(taken, refused.keyCount())) {
          foreign.add(taken);
        }
      }
      case REFUSED -> {
        if (refused.isEmpty()) {
          retryPauses.restart();
          retryLater();
        }
        keepRefused(taken);
        RuntimeException cause = requireNonNull(publisher.lastRefusal());
        if (state.refused(taken, refused.keyCount(), cause)) {
          foreign.add(taken); // like the subscribers, and not again when the log accepts the keys
        }
      }
      case ENDED -> state.takeBack(taken);
    }
    return outcome;
  }

  /** Publishes the refused batch again, up to the first refusal. Subscribers have all of it. */
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
   * Sends the messages of a batch. An exception or an error, running out of memory included,
   * neither ends this thread nor loses the batch: from the second attempt on the whole caches are
   * sent, until the time is up.
   *
   * @param worst the worst outcome of a message after which the next message is still sent
   * @return the worst outcome of all messages
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
        return send(whole ? wholeCaches(taken) : taken.contents(), taken, worst);
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

  private PublishOutcome send(
      List<Invalidation.OfCache<Object>> contents, Batch taken, PublishOutcome worst) {
    BatchPublisher batch = new BatchPublisher(publisher, worst, Outbox.PATIENCE);
    packer.pack(contents, message -> batch.add(message.traced(tracer, taken)));
    return batch.end();
  }
}
