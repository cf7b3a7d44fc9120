package io.github.cacheinvalidation.outbox;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.channel.ChannelException;
import io.github.cacheinvalidation.channel.Publication;
import io.github.cacheinvalidation.channel.PublicationRefusedException;
import io.github.cacheinvalidation.channel.RefusedException;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.CacheKeys;
import java.util.List;
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
 * stopped and its time is up. For the sender's thread, but for the last failure and the end.
 */
final class Publisher implements Batch.Way {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Handover handover;
  private final Channel channel;
  private final BodyWriter writer;
  private final InvalidationObserver observer;
  private final Supplier<String> nonces;
  private final RandomGenerator random;
  private final CountDownLatch timeIsUp = new CountDownLatch(1);

  private @Nullable RuntimeException lastRefusal;

  private volatile @Nullable RuntimeException lastFailure;

  Publisher(
      Handover handover,
      Channel channel,
      BodyWriter writer,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random) {
    this.handover = handover;
    this.channel = channel;
    this.writer = writer;
    this.observer = observer;
    this.nonces = nonces;
    this.random = random;
  }

  /** The time is up: nothing is begun or tried again from now on. */
  void end() {
    timeIsUp.countDown();
  }

  boolean isEnded() {
    return timeIsUp.getCount() == 0;
  }

  /** Waits for the end, for a time; returns whether the time is up. */
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

  /** Returns how the channel refused last. */
  @Nullable RuntimeException lastRefusal() {
    return lastRefusal;
  }

  @Override
  public boolean begin(List<CacheKeys> message, Consumer<@Nullable ChannelException> outcome) {
    return !isEnded()
        && lastFailure == null
        && channel.tryPublish(new Publication(nonces.get(), writer.write(message)), false, outcome);
  }

  @Override
  public void accepted(List<CacheKeys> message) {
    lastFailure = null;
    handover.messageAccepted(message.stream().mapToInt(CacheKeys::count).sum());
    tellPublished(observer, message);
  }

  /** What was refused is asked for again, and told then. */
  @Override
  public void failed(ChannelException failure) {
    if (!(failure instanceof RefusedException)) {
      fail(failure);
    }
  }

  @Override
  public Outcome publish(List<CacheKeys> message) {
    byte[] body = writer.write(message);
    Pauses pauses = new Pauses(random);
    while (!isEnded()) {
      Outcome outcome = attempt(body);
      if (outcome == Outcome.ACCEPTED) {
        accepted(message);
      }
      if (outcome != Outcome.ENDED) {
        return outcome;
      }
      if (awaitEndFor(pauses.next())) {
        log.debug("The time to publish is up");
      }
    }
    return Outcome.ENDED;
  }

  private Outcome attempt(byte[] body) {
    try {
      channel.publish(new Publication(nonces.get(), body));
      return Outcome.ACCEPTED;
    } catch (PublicationRefusedException refusal) {
      fail(refusal);
      if (refusal.isAnnounced()) {
        lastRefusal = refusal;
        return Outcome.REFUSED;
      }
    } catch (RuntimeException failure) {
      fail(failure);
    } catch (Error broken) {
      fail(new IllegalStateException(broken));
    }
    return Outcome.ENDED;
  }

  private void fail(RuntimeException failure) {
    lastFailure = failure;
    handover.attemptFailed();
    observer.publishFailed(failure);
  }

  static void tellPublished(InvalidationObserver observer, List<CacheKeys> message) {
    observer.published(
        message.stream().mapToInt(CacheKeys::count).sum(),
        (int) message.stream().filter(CacheKeys::whole).count());
  }
}
