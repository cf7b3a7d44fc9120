package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.ChainStatus;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Keeps the caches of a node coherent with its channels. Each channel has its own receiver, with
 * its own chain, checks and threads, so a channel that fails does not delay another one. A cache
 * depends on its own channel, which is that of the node or a cache channel, and on every further
 * channel: its watermark is the earliest of theirs. Starting needs no server: the node joins when a
 * server answers.
 *
 * <p>Any thread may call {@code start} and {@code stop}, one at a time, any number of times. Each
 * start joins again.
 */
public final class NodeReceivers {

  private final MessageReader reader;

  private final LocalCaches all;

  private final CachesOfChannel own;

  private final SortedMap<String, CachesOfChannel> others;

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
   * @param all all caches, to which the messages of further channels are applied
   * @param own the caches of the node's own channel
   * @param others the other caches, by the names of their cache channels
   * @param settings how closely to watch each channel
   * @param observer notified of each event, after the status; of further channels it is not told
   *     about subscriptions and joins
   * @param status notified of each event, and of other facts that the status depends on
   * @param random spreads the retries of the subscriptions
   * @param nanoTime the node's monotonic clock
   */
  public NodeReceivers(
      MessageReader reader,
      LocalCaches all,
      CachesOfChannel own,
      Map<String, CachesOfChannel> others,
      ReceiverSettings settings,
      InvalidationObserver observer,
      StatusTracker status,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.reader = reader;
    this.all = all;
    this.own = own;
    this.others = new TreeMap<>(others);
    this.settings = settings;
    this.observer = observer;
    this.status = status;
    this.random = random;
    this.nanoTime = nanoTime;
    status.cacheChannels(others.keySet());
  }

  /**
   * Starts to follow a channel, its cache channels and its further channels, and returns at once.
   * If a channel answers without a wait, its first check is done before this returns.
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
    List<CoherenceWatermark> watermarks = new ArrayList<>(List.of(own.watermark()));
    others.values().forEach(each -> watermarks.add(each.watermark()));
    List<Channel> further = channel.further();
    Iterator<CoherenceWatermark> chains =
        CoherenceWatermark.split(watermarks, further.size()).iterator();
    start(channel, ownOrigin, own.localCaches(), chains.next(), status, observer);
    others.forEach(
        (name, caches) ->
            start(
                Objects.requireNonNull(channel.cacheChannels().get(name)),
                ownOrigin,
                caches.localCaches(),
                chains.next(),
                status.cacheChannel(name),
                observer));
    for (Channel each : further) {
      start(
          each,
          ownOrigin,
          new FurtherLocalCaches(all),
          chains.next(),
          status.further(each.name()),
          new FurtherChannelObserver(each.name(), observer));
    }
  }

  private void start(
      Channel channel,
      String ownOrigin,
      LocalCaches localCaches,
      CoherenceWatermark chain,
      ChainStatus statusOfChannel,
      InvalidationObserver observerOfChannel) {
    ReceiverLifecycle receiver =
        new ReceiverLifecycle(
            reader,
            localCaches,
            chain,
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
