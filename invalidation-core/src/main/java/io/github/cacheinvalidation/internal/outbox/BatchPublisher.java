package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of one batch, on the sender's thread. If the batch has several messages,
 * and the channel can publish without blocking, a few are in flight at the same time. To wait for
 * each answer would cost a thread wake-up for each message. A message that fails is published once
 * more, and the thread waits for the answer.
 */
final class BatchPublisher {

  /** How a message is published. */
  interface Way {

    /** Begins to publish a message. If it returns true, the outcome is called later. */
    boolean begin(EncodedMessage message, Consumer<@Nullable ChannelException> outcome);

    /** Called after the channel has accepted a message that {@link #begin} started. */
    void accepted(EncodedMessage message);

    /** Called after the channel has not accepted such a message, before it is published again. */
    void failed(ChannelException failure);

    /** Publishes a message and waits for the answer. */
    PublishOutcome publish(EncodedMessage message);
  }

  private static final Logger log = LoggerFactory.getLogger(BatchPublisher.class);

  static final int MOST_UNDER_WAY = 4;

  private final Way way;

  private final PublishOutcome worst;

  private final Duration patience;

  private final Queue<UnderWay<EncodedMessage>> underWay = new ArrayDeque<>();

  /** The message added last. If it is the only one, the thread waits for the answer. */
  private @Nullable EncodedMessage last;

  private PublishOutcome outcome = PublishOutcome.ACCEPTED;

  /**
   * Creates the publisher of one batch.
   *
   * @param worst the worst outcome of a message after which the next message is still sent
   * @param patience the longest wait for an answer; much longer than a channel takes to answer or
   *     to give up
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

  /** Publishes the remaining messages; returns the worst outcome of all messages. */
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

  /** If the first refusal ends the batch, each message waits for the answer to the one before. */
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
      message.notSent();
      return;
    }
    UnderWay<EncodedMessage> next = new UnderWay<>(message);
    boolean begun = false;
    try {
      begun = way.begin(message, next::ended);
    } catch (RuntimeException broken) {
      log.debug("Publishing a message without waiting failed; it is published again", broken);
    }
    if (begun) {
      underWay.add(next);
    } else {
      awaitAtMost(0);
      publish(message);
    }
  }

  private void awaitAtMost(int count) {
    while (underWay.size() > count) {
      UnderWay<EncodedMessage> first = underWay.remove();
      ChannelException failure = first.failure(patience);
      if (failure != null) {
        way.failed(failure);
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
    } else {
      message.notSent();
    }
  }
}
