package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.ChainStatus;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the caches of a node coherent with one channel. It subscribes, applies messages in order
 * and one thread at a time, detects and makes up for lost messages, and moves the watermark.
 * Starting needs no server: the node joins when a server answers.
 *
 * <p>Any thread may call {@code start} and {@code stop}, one at a time, any number of times. Each
 * start joins again.
 */
final class ReceiverLifecycle {

  private final MessageReader reader;

  private final LocalCaches localCaches;

  private final CoherenceWatermark watermark;

  private final ReceiverSettings settings;

  private final InvalidationObserver observer;

  private final ChainStatus status;

  private final RandomGenerator random;

  private final LongSupplier nanoTime;

  private @Nullable ReceiverLoop follower;

  /**
   * Creates a receiver that is not started.
   *
   * @param reader reads messages
   * @param localCaches the caches that messages are applied to
   * @param watermark moved when the node knows that it has applied every accepted message
   * @param settings how closely to watch the channel
   * @param observer notified of each event, after the status
   * @param status notified of each event, and of other facts that the status depends on
   * @param random spreads the retries of the subscription
   * @param nanoTime the node's monotonic clock
   */
  ReceiverLifecycle(
      MessageReader reader,
      LocalCaches localCaches,
      CoherenceWatermark watermark,
      ReceiverSettings settings,
      InvalidationObserver observer,
      ChainStatus status,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.reader = reader;
    this.localCaches = localCaches;
    this.watermark = watermark;
    this.settings = settings;
    this.observer = InvalidationObserver.all(List.of(status, observer));
    this.status = status;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * Starts to follow a channel and returns at once. If the channel answers without a wait, the
   * first check is done before this returns.
   *
   * @param channel the channel to follow; its opener closes it after {@link #stop}
   * @param ownOrigin the origin of this node's own messages, which are not applied: the node
   *     applied each of them when it was written
   * @throws IllegalStateException if this is already started
   */
  synchronized void start(Channel channel, String ownOrigin) {
    if (follower != null) {
      throw new IllegalStateException("The receiver is already started; stop it first");
    }
    EventQueue queue = new EventQueue(settings.maxQueuedBytes());
    ChannelWorker worker = new ChannelWorker(channel, queue);
    Receiver receiver =
        new Receiver(
            reader,
            ownOrigin,
            localCaches,
            watermark,
            worker,
            settings,
            observer,
            status,
            random,
            nanoTime.getAsLong());
    status.started(channel.name());
    if (channel.log().answersAtOnce()) {
      long now = nanoTime.getAsLong();
      receiver.on(new Event.Checked(new Event.Check(now), channel.log().findTip()), now);
    }
    follower = new ReceiverLoop(receiver, queue, worker::close, nanoTime);
    follower.start();
  }

  /** Ends the subscription and the threads. The watermark stays where it is. */
  synchronized void stop() {
    if (follower != null) {
      follower.stop();
      follower = null;
    }
    status.stopped();
  }
}
