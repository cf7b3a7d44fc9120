package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.ChainStatus;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Keeps the caches of a node coherent with its channel and with each further channel. Each channel
 * has its own receiver, with its own chain, checks and threads, so a channel that fails does not
 * delay another one. Every cache depends on every channel: the watermark of the node is the
 * earliest of the watermarks of the channels. Starting needs no server: the node joins when a
 * server answers.
 *
 * <p>Any thread may call {@code start} and {@code stop}, one at a time, any number of times. Each
 * start joins again.
 */
public final class NodeReceivers {

  private final MessageReader reader;

  private final Replica replica;

  private final CoherenceWatermark watermark;

  private final ReceiverSettings settings;

  private final InvalidationObserver observer;

  private final StatusTracker status;

  private final RandomGenerator random;

  private final LongSupplier nanoTime;

  /** The receivers since the last start, that of the node's own channel first. */
  private final List<ReceiverLifecycle> started = new ArrayList<>();

  /**
   * Creates receivers that are not started.
   *
   * @param reader reads messages
   * @param replica the caches that messages are applied to
   * @param watermark moved when the node knows that it has applied every accepted message
   * @param settings how closely to watch each channel
   * @param observer notified of each event, after the status; of further channels it is not told
   *     about subscriptions and joins
   * @param status notified of each event, and of other facts that the status depends on
   * @param random spreads the retries of the subscriptions
   * @param nanoTime the node's monotonic clock
   */
  public NodeReceivers(
      MessageReader reader,
      Replica replica,
      CoherenceWatermark watermark,
      ReceiverSettings settings,
      InvalidationObserver observer,
      StatusTracker status,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.reader = reader;
    this.replica = replica;
    this.watermark = watermark;
    this.settings = settings;
    this.observer = observer;
    this.status = status;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * Starts to follow a channel and its further channels, and returns at once. If a channel answers
   * without a wait, its first check is done before this returns.
   *
   * @param channel the node's own channel; its opener closes it after {@link #stop}
   * @param ownOrigin the origin of this node's own messages, which are not applied: the node
   *     applied each of them when it was written
   * @throws IllegalStateException if this is already started
   */
  public synchronized void start(Channel channel, String ownOrigin) {
    if (!started.isEmpty()) {
      throw new IllegalStateException("The receivers are already started; stop them first");
    }
    List<Channel> further = channel.further();
    List<CoherenceWatermark> watermarks = watermark.split(1 + further.size());
    start(channel, ownOrigin, replica, watermarks.get(0), status, observer);
    for (int i = 0; i < further.size(); i++) {
      Channel each = further.get(i);
      start(
          each,
          ownOrigin,
          new FurtherReplica(replica),
          watermarks.get(i + 1),
          status.further(each.name()),
          new FurtherChannelObserver(each.name(), observer));
    }
  }

  private void start(
      Channel channel,
      String ownOrigin,
      Replica ofMessages,
      CoherenceWatermark ofChannel,
      ChainStatus statusOfChannel,
      InvalidationObserver observerOfChannel) {
    ReceiverLifecycle receiver =
        new ReceiverLifecycle(
            reader,
            ofMessages,
            ofChannel,
            settings,
            observerOfChannel,
            statusOfChannel,
            random,
            nanoTime);
    started.add(receiver);
    receiver.start(channel, ownOrigin);
  }

  /** Ends the subscriptions and the threads. The watermark stays where it is. */
  public synchronized void stop() {
    started.forEach(ReceiverLifecycle::stop);
    started.clear();
  }
}
