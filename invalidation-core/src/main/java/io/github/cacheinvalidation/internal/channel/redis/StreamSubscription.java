package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.script.LogTail;
import io.github.cacheinvalidation.internal.channel.redis.script.LogTail.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that reads the log. It holds one connection and waits there for entries after the
 * last one read. It delivers them, and reads on when the subscriber has room: a slow node reads
 * later and is not cut off. So a node holds one page beside the messages in its queue; the rest of
 * its backlog stays in the log, whose length is bounded.
 *
 * <p>While the subscriber has room, the client's thread delivers the entries and begins the next
 * reading, if the client can do that. The thread of the subscription only waits until that ends. It
 * waits for room, and looks for the new end of a replaced log, because both block.
 */
final class StreamSubscription extends FeedSubscription {

  private static final Logger logger = LoggerFactory.getLogger(StreamSubscription.class);

  private static final long PAUSE_NANOS = 2_000_000;

  private final LogTail tail;

  private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();

  /** Ends the waiting of the thread for the readings that the client's thread goes on with. */
  private final CompletableFuture<Outcome> detached = new CompletableFuture<>();

  /** Whether it was logged that the node is behind. Used by the reading thread only. */
  private boolean toldBehind;

  private StreamSubscription(
      Context context, LogTail tail, Subscriber subscriber, IdleConnectionCheck idleCheck) {
    super(context, subscriber, idleCheck, "cache-invalidation-read-");
    this.tail = tail;
  }

  static StreamSubscription start(
      Context context, LogTail tail, Subscriber subscriber, IdleConnectionCheck idleCheck) {
    StreamSubscription subscription = new StreamSubscription(context, tail, subscriber, idleCheck);
    subscription.start();
    return subscription;
  }

  @Override
  void work() throws InterruptedException {
    Duration wait = driver.longestWait();
    Connection made = driver.connectToRead(wait);
    try {
      connection.set(made);
      if (!isEnded()) {
        tail.begin(made);
        idleCheck.note();
        confirm();
        read(made, wait);
      }
    } catch (RuntimeException | Error failure) {
      lose(failure); // before the close, so that the real reason is reported
    } finally {
      connection.set(null);
      close(made);
    }
  }

  /** A reading without an answer shows a lost connection: it is replaced, and nothing is missed. */
  private void read(Connection made, Duration wait) throws InterruptedException {
    try {
      Outcome outcome = Outcome.MORE;
      while (!isEnded()) {
        awaitRoom(outcome == Outcome.ALL);
        outcome = readPages(made, wait);
        if (outcome == Outcome.ANOTHER_LOG) {
          tail.begin(made);
        }
      }
    } catch (RuntimeException failure) {
      throw driver.answerIn(failure) == null
          ? new ConnectionLostException("its reading had no answer", failure)
          : failure;
    }
  }

  private Outcome readPages(Connection made, Duration wait) throws InterruptedException {
    CompletionStage<Outcome> begun = tail.beginAwait(made, wait, this::deliver);
    if (begun == null) {
      Outcome outcome = tail.await(made, wait, this::deliver);
      idleCheck.note();
      return outcome;
    }
    CompletableFuture<Outcome> last = new CompletableFuture<>();
    readOn(new Pages(made, wait, toldBehind, last), begun);
    try {
      return (Outcome) CompletableFuture.anyOf(last, detached).get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new CompletionException(failure.getCause());
    }
  }

  /**
   * Pages that the client's thread delivers.
   *
   * @param longest how long a reading waits for an entry
   * @param onlyOne whether to stop after one page, so that the thread can log that it was the last
   * @param last completes with the outcome of the last page
   */
  private record Pages(
      Connection connection, Duration longest, boolean onlyOne, CompletableFuture<Outcome> last) {}

  private void readOn(Pages pages, CompletionStage<Outcome> begun) {
    var unused =
        begun.whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                pages.last().completeExceptionally(failure);
                return;
              }
              idleCheck.note();
              if (outcome != Outcome.ALL || pages.onlyOne() || isEnded() || subscriber.isBehind()) {
                pages.last().complete(outcome);
              } else {
                beginNext(pages);
              }
            });
  }

  private void beginNext(Pages pages) {
    try {
      readOn(
          pages,
          Objects.requireNonNull(
              tail.beginAwait(pages.connection(), pages.longest(), this::deliver)));
    } catch (RuntimeException | Error failure) {
      pages.last().completeExceptionally(failure);
    }
  }

  /**
   * Waits while the subscriber has many messages that it has not handled. A slow node waits before
   * each page. So its trouble is over, and is logged as over, only once the log has no more.
   *
   * @param atEnd whether every entry that the log had was read
   */
  private void awaitRoom(boolean atEnd) {
    if (!subscriber.isBehind()) {
      tellRoom(atEnd);
      return;
    }
    tellBehind();
    while (!isEnded() && subscriber.isBehind()) {
      idleCheck.note();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void tellBehind() {
    if (!toldBehind) {
      toldBehind = true;
      logger.warn(
          "This node applies the messages of channel '{}' more slowly than they are published. It"
              + " reads on at its own pace. If the log no longer has what it must read, it clears"
              + " its caches",
          topic.name());
    }
  }

  private void tellRoom(boolean atEnd) {
    if (toldBehind && atEnd) {
      toldBehind = false;
      logger.info("This node has room for messages of channel '{}' again", topic.name());
    }
  }

  /**
   * Each reading is answered soon, with or without entries, so an idle server need not be asked.
   */
  @Override
  void keepAlive() {
    if (!isEnded()
        && connection.get() != null
        && idleCheck.look() == IdleConnectionCheck.Finding.DEAD) {
      lose(new ConnectionLostException("its connection does not answer", null));
    }
  }

  /**
   * The thread closes the connection: with most clients, no other thread may do that. So the thread
   * is woken last, when the abort has begun.
   */
  @Override
  void detach() {
    Connection current = connection.getAndSet(null);
    try {
      if (current != null) {
        current.abort();
      }
    } catch (RuntimeException brokenAlready) {
      logger.debug("The reading of '{}' did not end cleanly", topic.name(), brokenAlready);
    } finally {
      detached.complete(Outcome.MORE);
    }
  }

  private void close(Connection made) {
    try {
      made.close();
    } catch (RuntimeException brokenAlready) {
      logger.debug("The connection of '{}' did not close cleanly", topic.name(), brokenAlready);
    }
  }
}
