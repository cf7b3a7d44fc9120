package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the sender's messages, one after the other or a few at a time, until the outbox has
 * stopped and its time is up. For the sender's thread; any thread may call {@link #lastFailure} and
 * {@link #end}.
 */
final class Publisher implements BatchPublisher.Way {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final OutboxState state;
  private final MessageLog messageLog;
  private final BodyWriter writer;
  private final InvalidationObserver observer;
  private final Supplier<String> nonces;
  private final RandomGenerator random;
  private final CountDownLatch timeIsUp = new CountDownLatch(1);

  private @Nullable RuntimeException lastRefusal;

  private volatile @Nullable RuntimeException lastFailure;

  Publisher(
      OutboxState state,
      MessageLog messageLog,
      BodyWriter writer,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random) {
    this.state = state;
    this.messageLog = messageLog;
    this.writer = writer;
    this.observer = observer;
    this.nonces = nonces;
    this.random = random;
  }

  /** Ends publishing: from now on no message is begun or tried again. */
  void end() {
    timeIsUp.countDown();
  }

  boolean isEnded() {
    return timeIsUp.getCount() == 0;
  }

  /** Waits until publishing is ended, at most for the given time; returns whether it is ended. */
  boolean awaitEndFor(long millis) {
    try {
      return timeIsUp.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException notOurs) {
      log.debug("The sender was interrupted although it is not stopped; it goes on");
      return false;
    }
  }

  /** Returns why the last attempt failed; null if it succeeded. */
  @Nullable RuntimeException lastFailure() {
    return lastFailure;
  }

  /** Returns the last refusal of the channel; null if there was none. */
  @Nullable RuntimeException lastRefusal() {
    return lastRefusal;
  }

  @Override
  public boolean begin(EncodedMessage message, Consumer<@Nullable ChannelException> outcome) {
    return !isEnded()
        && lastFailure == null
        && messageLog.tryAppend(
            new Publication(nonces.get(), message.body(writer)), false, outcome);
  }

  @Override
  public void accepted(EncodedMessage message) {
    lastFailure = null;
    writer.accepted(message.caches());
    state.messageAccepted(message.keyCount());
    message.tracing().ended(null);
    tellPublished(observer, message);
  }

  /** Reports no refusal and no lost connection yet: the message is published again first. */
  @Override
  public void failed(ChannelException failure) {
    if (!(failure instanceof RefusedException || failure instanceof ConnectionLostException)) {
      fail(failure);
    }
  }

  @Override
  public PublishOutcome publish(EncodedMessage message) {
    byte[] body = message.body(writer);
    RetryBackoff backoff = new RetryBackoff(random);
    while (!isEnded()) {
      PublishOutcome outcome = attempt(body, true);
      if (outcome == PublishOutcome.ACCEPTED) {
        accepted(message);
      }
      if (outcome == PublishOutcome.REFUSED) {
        message.tracing().ended(lastFailure);
      }
      if (outcome != PublishOutcome.ENDED) {
        return outcome;
      }
      if (awaitEndFor(backoff.next())) {
        log.debug("The time to publish is up");
      }
    }
    message.tracing().ended(lastFailure);
    return PublishOutcome.ENDED;
  }

  /** After a lost connection it tries once more at once, on a fresh connection. */
  private PublishOutcome attempt(byte[] body, boolean first) {
    try {
      messageLog.append(new Publication(nonces.get(), body));
      return PublishOutcome.ACCEPTED;
    } catch (PublicationRefusedException refusal) {
      fail(refusal);
      if (refusal.isAnnounced()) {
        lastRefusal = refusal;
        return PublishOutcome.REFUSED;
      }
    } catch (ConnectionLostException lost) {
      if (first && !isEnded()) {
        log.debug("Publishing again at once, on a fresh connection", lost);
        return attempt(body, false);
      }
      fail(lost);
    } catch (RuntimeException failure) {
      fail(failure);
    } catch (Error broken) {
      fail(new IllegalStateException(broken));
    }
    return PublishOutcome.ENDED;
  }

  private void fail(RuntimeException failure) {
    lastFailure = failure;
    state.attemptFailed();
    observer.publishFailed(failure);
  }

  static void tellPublished(InvalidationObserver observer, EncodedMessage message) {
    observer.published(message.keyCount(), message.wholeCount());
  }
}
