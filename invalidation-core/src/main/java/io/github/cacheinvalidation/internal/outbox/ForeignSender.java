package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that calls the application's writers and publishes their messages. Several messages
 * are under way at the same time, if the channel can begin without waiting. Messages without an
 * answer are published again after a growing random pause, until the channel answers or the time is
 * up after a stop.
 */
final class ForeignSender {

  private static final Logger log = LoggerFactory.getLogger(ForeignSender.class);

  private static final int MOST_UNDER_WAY = 64;

  /** How long a stop waits for the last message after its time is up. */
  private static final Duration LAST_ANSWER = Duration.ofSeconds(2);

  /** A message, and the cache whose invalidation it tells. */
  private record Outgoing(String cache, Message message) {
    Outgoing {
      Objects.requireNonNull(message, "a writer must not return a null message");
    }
  }

  private final ForeignPublisher owner;
  private final List<ForeignMessageWriter> writers;
  private final MessageLog messageLog;
  private final InvalidationObserver observer;
  private final RandomGenerator random;
  private final Thread thread;
  private final CountDownLatch timeIsUp = new CountDownLatch(1);

  /** The writer that is being called, or null. Set by the thread, read by a stop. */
  private volatile @Nullable ForeignMessageWriter called;

  ForeignSender(
      ForeignPublisher owner,
      List<ForeignMessageWriter> writers,
      MessageLog messageLog,
      InvalidationObserver observer,
      RandomGenerator random) {
    this.owner = owner;
    this.writers = writers;
    this.messageLog = messageLog;
    this.observer = observer;
    this.random = random;
    this.thread = new Thread(this::run, "cache-invalidation-foreign");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits until nothing is left to publish, at most for the timeout and one attempt. Logs once if a
   * writer has not returned by then.
   */
  void stop(Duration timeout) {
    join(timeout);
    timeIsUp.countDown();
    join(LAST_ANSWER);
    ForeignMessageWriter hanging = called;
    if (hanging != null && thread.isAlive()) {
      log.warn(
          "The node stops without waiting longer for the ForeignMessageWriter {}, which has not"
              + " returned. The daemon thread '{}' goes on. If the writer returns, its messages are"
              + " published after the next start of this node. Give the writer a timeout",
          hanging.getClass().getName(),
          thread.getName());
    }
  }

  private void join(Duration longest) {
    try {
      thread.join(Math.max(1, longest.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean more = true;
    while (more) {
      try {
        more = publishNext();
      } catch (RuntimeException | Error broken) { // out of memory; nothing is lost
        log.error("Publishing for other programs failed; it is tried again", broken);
        more = !awaitEndFor(RetryBackoff.LONGEST_MILLIS);
      }
    }
  }

  /** Returns false after a stop, if nothing is left or the time is up. */
  private boolean publishNext() {
    Batch taken = owner.take(this);
    if (taken == null) {
      return false;
    }
    List<String> unpublished = List.of();
    boolean published = false;
    try {
      published = publish(taken);
    } finally {
      if (!published) {
        unpublished = owner.takeBack(taken);
      }
    }
    unpublished.forEach(this::reportUnpublished);
    return published;
  }

  private void reportUnpublished(String cache) {
    Exception stopped = new ChannelException("The node was stopped before Redis answered", null);
    observer.foreignWriteFailed(cache, stopped, false);
  }

  /** Returns false if the time is up and messages are left. */
  private boolean publish(Batch taken) {
    RetryBackoff backoff = new RetryBackoff(random);
    List<Outgoing> left = written(taken);
    while (!left.isEmpty()) {
      left = attempt(left);
      if (!left.isEmpty() && awaitEndFor(backoff.next())) {
        return false;
      }
    }
    return true;
  }

  private boolean isEnded() {
    return timeIsUp.getCount() == 0;
  }

  private boolean awaitEndFor(long millis) {
    try {
      return timeIsUp.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException notOurs) {
      log.debug("The thread was interrupted although it is not stopped; it goes on");
      return false;
    }
  }

  private List<Outgoing> written(Batch taken) {
    List<Outgoing> written = new ArrayList<>();
    for (Invalidation.OfCache<Object> stale : taken.contents()) {
      for (ForeignMessageWriter writer : writers) {
        addMessages(writer, stale, written);
      }
    }
    boolean unused = Thread.interrupted(); // a writer may leave one, which would end a wait here
    return written;
  }

  private void addMessages(
      ForeignMessageWriter writer, Invalidation.OfCache<Object> stale, List<Outgoing> written) {
    try {
      called = writer;
      List<Message> messages = writer.write(unmodifiable(stale));
      if (messages != null) {
        messages.forEach(message -> written.add(new Outgoing(stale.cache(), message)));
      }
    } catch (Exception | Error broken) {
      observer.foreignWriteFailed(stale.cache(), broken, false);
    } finally {
      called = null;
    }
  }

  private static Invalidation.OfCache<Object> unmodifiable(Invalidation.OfCache<Object> stale) {
    return stale instanceof Invalidation.Keys<Object> some
        ? new Invalidation.Keys<>(some.cache(), Collections.unmodifiableCollection(some.keys()))
        : stale;
  }

  /** Publishes messages up to the first that has no answer. Returns those to publish again. */
  private List<Outgoing> attempt(List<Outgoing> messages) {
    List<Outgoing> left = new ArrayList<>();
    Queue<UnderWay<Outgoing>> underWay = new ArrayDeque<>();
    for (Outgoing message : messages) {
      if (underWay.size() == MOST_UNDER_WAY) {
        settle(underWay.remove(), left);
      }
      if (!left.isEmpty() || isEnded()) {
        left.add(message);
        continue;
      }
      UnderWay<Outgoing> begun = begin(message);
      if (begun.hasEnded()) {
        settle(begun, left);
      } else {
        underWay.add(begun);
      }
    }
    underWay.forEach(each -> settle(each, left));
    return left;
  }

  private UnderWay<Outgoing> begin(Outgoing outgoing) {
    UnderWay<Outgoing> begun = new UnderWay<>(outgoing);
    Message message = outgoing.message();
    try {
      messageLog.publish(message.channel(), message.payload(), begun::ended);
    } catch (RuntimeException | Error broken) {
      begun.ended(new ChannelException("Publishing failed", broken));
    }
    return begun;
  }

  private void settle(UnderWay<Outgoing> each, List<Outgoing> left) {
    ChannelException failure = each.failure(Outbox.PATIENCE);
    if (failure != null) {
      boolean retried = !(failure instanceof RefusedException);
      if (retried) {
        left.add(each.message());
      }
      observer.foreignWriteFailed(each.message().cache(), failure, retried);
    }
  }
}
