package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.outbox.ForeignPublisher;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.outbox.Outboxes;
import io.github.cacheinvalidation.internal.receiver.CachesOfChannel;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import io.github.cacheinvalidation.internal.receiver.NodeReceivers;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.internal.receiver.TracedLocalCaches;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes what publishes on the channels of a node, and what receives from them.
 *
 * @param channels the cache channels
 * @param status gets the reports of all channels
 * @param observer is notified of events, after the status
 * @param listener is told of messages
 * @param tracer traces messages; null for none
 * @param random spreads retries
 */
record ChannelWiring(
    CacheChannels channels,
    StatusTracker status,
    InvalidationObserver observer,
    MessageEventListener listener,
    @Nullable MessageTracer tracer,
    RandomGenerator random) {

  /**
   * Makes an outbox for each channel.
   *
   * @param compared whether messages have settings of a cache
   */
  Outboxes outboxes(
      List<KeyCodec<?>> codecs,
      OutboxSettings settings,
      List<ForeignMessageWriter> writers,
      Predicate<String> compared) {
    ForeignPublisher foreign =
        new ForeignPublisher(writers, settings.maxPendingKeys(), observer, random, listener);
    return new Outboxes(
        outbox(codecs, settings, status, foreign),
        channels.byCache(),
        channel -> outbox(codecs, settings, status.cacheChannel(channel), foreign),
        foreign,
        observer,
        compared);
  }

  private Outbox outbox(
      List<KeyCodec<?>> codecs,
      OutboxSettings settings,
      InvalidationObserver ofChannel,
      ForeignPublisher foreign) {
    Outbox outbox =
        new Outbox(
            new KeyEncoder(codecs),
            settings,
            InvalidationObserver.all(List.of(ofChannel, observer)),
            () -> UUID.randomUUID().toString(),
            random,
            foreign);
    outbox.traceWith(tracer);
    return outbox;
  }

  /** Makes the receivers of all channels. */
  NodeReceivers receivers(
      MessageReader reader,
      CoherentCacheManager caches,
      ReceiverSettings settings,
      LongSupplier nanoTime) {
    Map<String, CachesOfChannel> others = new HashMap<>();
    channels
        .others()
        .forEach(
            (channel, watermark) ->
                others.put(
                    channel,
                    new CachesOfChannel(localCaches(caches, channels.isOf(channel)), watermark)));
    return new NodeReceivers(
        reader,
        localCaches(caches, cache -> true),
        new CachesOfChannel(localCaches(caches, channels::isOfOwn), channels.own()),
        others,
        settings,
        observer,
        status,
        random,
        nanoTime);
  }

  private LocalCaches localCaches(CoherentCacheManager caches, Predicate<String> ofChannel) {
    LocalCaches localCaches = caches.localCaches(listener, ofChannel);
    return tracer == null ? localCaches : new TracedLocalCaches(localCaches, tracer);
  }
}
