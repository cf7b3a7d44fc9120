package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of one gathering. Where there are several, a few are under way at a time,
 * if the channel can begin without waiting: to wait for each answer costs the time in which threads
 * are woken, for each message. What has no success is published once more, by waiting. For the
 * sender's thread.
 */
final class BatchPublisher {

  /** How a message is published. */
  interface Way {

    /** Begins to publish; returns whether the outcome will be told. */
    boolean begin(EncodedMessage message, Consumer<@Nullable ChannelException> outcome);

    /** Is told of a message that has begun and was accepted. */
    void accepted(EncodedMessage message);

    /** Is told of a message that has begun and was not accepted; it is published again. */
    void failed(ChannelException failure);

    /** Publishes and waits. */
    PublishOutcome publish(EncodedMessage message);
  }

  private record Begun(
      EncodedMessage message, CompletableFuture<Optional<ChannelException>> answer) {

    /** Returns why it was not accepted; nothing if it was. An answer that is late is none. */
    Optional<ChannelException> failure(Duration patience) {
      try {
        return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException | InterruptedException none) {
        return Optional.of(
            new ChannelException("There was no answer to a message within " + patience, none));
      }
    }
  }

  private static final Logger log = LoggerFactory.getLogger(BatchPublisher.class);

  static final int MOST_UNDER_WAY = 4;

  private final Way way;

  private final PublishOutcome worst;

  private final Duration patience;

  private final Queue<Begun> underWay = new ArrayDeque<>();

  /** The last one, which is begun only where others are. */
  private @Nullable EncodedMessage last;

  private PublishOutcome outcome = PublishOutcome.ACCEPTED;

  /**
   * Creates it.
   *
   * @param worst what must have become of the messages so far for the next one to be sent
   * @param patience how long an answer may take; much longer than a channel takes to answer or to
   *     give up
   */
  BatchPublisher(Way way, PublishOutcome worst, Duration patience) {
    this.way = way;
    this.worst = worst;
    this.patience = patience;
  }

  void add(EncodedMessage message) {
    if (last != null) {
      send(last);
    }
    last = message;
  }

  /** Publishes what is left; returns what became of the message that fared worst. */
  PublishOutcome end() {
    if (last != null && underWay.isEmpty()) {
      publish(last);
    } else if (last != null) {
      send(last);
    }
    last = null;
    awaitAtMost(0);
    return outcome;
  }

  /** What stops at the first refusal is sent one after the other, since each answer decides. */
  private void send(EncodedMessage message) {
    if (worst == PublishOutcome.ACCEPTED) {
      publish(message);
    } else {
      begin(message);
    }
  }

  private void begin(EncodedMessage message) {
    awaitAtMost(MOST_UNDER_WAY - 1);
    if (outcome.compareTo(worst) > 0) {
      return;
    }
    CompletableFuture<Optional<ChannelException>> answer = new CompletableFuture<>();
    boolean begun = false;
    try {
      begun = way.begin(message, failure -> answer.complete(Optional.ofNullable(failure)));
    } catch (RuntimeException broken) {
      log.debug("A message could not be begun; it is published by waiting", broken);
    }
    if (begun) {
      underWay.add(new Begun(message, answer));
    } else {
      awaitAtMost(0);
      publish(message);
    }
  }

  private void awaitAtMost(int count) {
    while (underWay.size() > count) {
      Begun first = underWay.remove();
      Optional<ChannelException> failure = first.failure(patience);
      if (failure.isPresent()) {
        way.failed(failure.get());
        publish(first.message());
      } else {
        way.accepted(first.message());
      }
    }
  }

  private void publish(EncodedMessage message) {
    if (outcome.compareTo(worst) <= 0) {
      PublishOutcome next = way.publish(message);
      outcome = next.compareTo(outcome) > 0 ? next : outcome;
    }
  }
}
