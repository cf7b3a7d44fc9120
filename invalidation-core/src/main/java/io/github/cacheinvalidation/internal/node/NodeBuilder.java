package io.github.cacheinvalidation.internal.node;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.group.Groups;
import io.github.cacheinvalidation.internal.group.KnownCaches;
import io.github.cacheinvalidation.internal.judge.CacheJudge;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.message.SentSettings;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.outbox.ListenedSink;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.outbox.Outboxes;
import io.github.cacheinvalidation.internal.outbox.WriteListener;
import io.github.cacheinvalidation.internal.receiver.NodeReceivers;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds a {@link DefaultInvalidationNode}. Only the channel must be set. For one thread. */
public final class NodeBuilder {

  private static final Duration DEFAULT_STALENESS = Duration.ofSeconds(10);

  private String name = "node";

  private @Nullable ChannelOpener channel;

  private Function<String, CacheSettings> caches =
      cache -> CacheSettings.ofSpec("", DEFAULT_STALENESS, false);

  private Collection<String> cacheNames = List.of();

  private Map<String, String> cacheChannels = Map.of();

  private ReceiverSettings receiver = ReceiverSettings.defaults();

  private OutboxSettings outbox = OutboxSettings.defaults();

  private BiFunction<LogicalClock, InvalidationSink, Transactions> transactions =
      (clock, target) -> Transactions.none();

  private List<KeyCodec<?>> codecs = List.of();

  private List<ForeignMessageReader> foreignReaders = List.of();

  private List<ForeignMessageWriter> foreignWriters = List.of();

  private InvalidationObserver observer = new InvalidationObserver() {};

  private @Nullable WriteListener writeListener;

  private MessageEventListener messageListener = MessageEventListener.NONE;

  private @Nullable MessageTracer tracer;

  private Map<String, String> settingsTexts = Map.of();

  private Ticker ticker = Ticker.systemTicker();

  private RandomGenerator random = new Random();

  private Executor executor = ForkJoinPool.commonPool();

  NodeBuilder() {}

  /** Sets the name for people. The node also gets a random id as its identity. */
  public NodeBuilder name(String value) {
    name = value;
    return this;
  }

  /** Sets how the channel is opened at each start. */
  public NodeBuilder channel(ChannelOpener value) {
    channel = value;
    return this;
  }

  /** Sets the function that returns the settings of a cache for its name. */
  public NodeBuilder caches(Function<String, CacheSettings> value) {
    caches = value;
    return this;
  }

  /** Sets the names of all caches. If there are none, a cache is made for any name. */
  public NodeBuilder cacheNames(Collection<String> value) {
    cacheNames = List.copyOf(value);
    return this;
  }

  /**
   * Sets the names of the cache channels, by the names of the caches that use one instead of the
   * node's own channel. The opened channel must have them.
   */
  public NodeBuilder cacheChannels(Map<String, String> value) {
    cacheChannels = Map.copyOf(value);
    return this;
  }

  /** Sets the check interval and the other settings of the receiver. */
  public NodeBuilder receiver(ReceiverSettings value) {
    receiver = value;
    return this;
  }

  /** Sets the settings of the outbox. */
  public NodeBuilder outbox(OutboxSettings value) {
    outbox = value;
    return this;
  }

  /** Sets how the transaction support is made from the node's clock and its sink of writes. */
  public NodeBuilder transactions(BiFunction<LogicalClock, InvalidationSink, Transactions> value) {
    transactions = value;
    return this;
  }

  /** Sets the application's key codecs. */
  public NodeBuilder codecs(Collection<? extends KeyCodec<?>> value) {
    codecs = new ArrayList<>(value);
    return this;
  }

  /** Sets the application's readers of messages in its own formats. */
  public NodeBuilder foreignReaders(Collection<? extends ForeignMessageReader> value) {
    foreignReaders = List.copyOf(value);
    return this;
  }

  /** Sets the application's writers of messages in its own formats. */
  public NodeBuilder foreignWriters(Collection<? extends ForeignMessageWriter> value) {
    foreignWriters = List.copyOf(value);
    return this;
  }

  /** Sets the observer of events. */
  public NodeBuilder observer(InvalidationObserver value) {
    observer = InvalidationObserver.all(List.of(value));
    return this;
  }

  /** Sets the listener to the writes of the node; null, the default, for none. */
  public NodeBuilder writeListener(@Nullable WriteListener value) {
    writeListener = value;
    return this;
  }

  /** Sets the listener to messages, with their senders and keys. */
  public NodeBuilder messageListener(MessageEventListener value) {
    messageListener = value;
    return this;
  }

  /** Sets the tracer of messages; null, the default, for none. */
  public NodeBuilder tracer(@Nullable MessageTracer value) {
    tracer = value;
    return this;
  }

  /**
   * Sets the settings of caches that messages carry, as texts by the names of the caches. The map
   * is not copied; it may change at any time, and is read by any thread.
   */
  public NodeBuilder settingsTexts(Map<String, String> value) {
    settingsTexts = value;
    return this;
  }

  /** Sets the monotonic clock. */
  public NodeBuilder ticker(Ticker value) {
    ticker = value;
    return this;
  }

  /** Sets the random numbers that spread retries and clears; must be safe for use by any thread. */
  public NodeBuilder random(RandomGenerator value) {
    random = value;
    return this;
  }

  /** Sets the executor that empties the contents that a clear has replaced. */
  public NodeBuilder executor(Executor value) {
    executor = value;
    return this;
  }

  /**
   * Returns a node that is not started.
   *
   * @throws IllegalStateException if no channel was set
   * @throws IllegalArgumentException if a setting is not valid
   */
  public DefaultInvalidationNode build() {
    ChannelOpener opener = channel;
    if (opener == null) {
      throw new IllegalStateException("'channel' must be set before build()");
    }
    LogicalClock clock = new LogicalClock();
    CacheChannels channels = new CacheChannels(cacheChannels, ticker.read());
    StatusTracker status =
        new StatusTracker(observer, channels.ofNode(), ticker::read, InstantSource.system());
    ChannelWiring wiring =
        new ChannelWiring(channels, status, observer, messageListener, tracer, random);
    Map<String, String> texts = settingsTexts;
    Outboxes boxes = wiring.outboxes(codecs, outbox, foreignWriters, texts::containsKey);
    status.pendingKeys(boxes::pendingKeys);
    InvalidationSink sink =
        writeListener == null ? boxes.sink() : new ListenedSink(boxes.sink(), writeListener);
    Transactions known = transactions.apply(clock, sink);
    CoherentCacheManager manager =
        new CoherentCacheManager(
            new CoherentCacheManager.Dependencies(
                clock, channels::of, ticker, sink, known, codecs, observer, random, executor),
            caches,
            cacheNames);
    MessageReader reader = new MessageReader(foreignReaders);
    NodeReceivers receivers = wiring.receivers(reader, manager, receiver, ticker::read);
    Ticker time = ticker;
    return new DefaultInvalidationNode(
        name,
        () -> opened(opener, channels),
        () -> new SentSettings(texts, time::read),
        manager,
        boxes,
        receivers,
        new Groups(reader, new ManagerCaches(manager)),
        new CacheJudge(
            manager::judged,
            ticker::read,
            random,
            () -> status.state() == NodeStatus.State.COHERENT),
        known,
        status,
        receiver.checkInterval(),
        outbox.timeout());
  }

  private static Channel opened(ChannelOpener opener, CacheChannels channels) {
    Channel opened = opener.open();
    channels.require(opened);
    return opened;
  }

  /** What the caches of a manager know about keys. */
  private record ManagerCaches(CoherentCacheManager manager) implements KnownCaches {

    @Override
    public @Nullable KeyTypes keyTypes(String cache) {
      return manager.keyTypes(cache);
    }

    @Override
    public Collection<String> names() {
      return manager.getCacheNames();
    }
  }
}
