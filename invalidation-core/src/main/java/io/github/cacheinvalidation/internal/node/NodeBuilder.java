package io.github.cacheinvalidation.internal.node;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.group.Groups;
import io.github.cacheinvalidation.internal.group.KnownCaches;
import io.github.cacheinvalidation.internal.judge.CacheJudge;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.message.MessageListener;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.message.SentSettings;
import io.github.cacheinvalidation.internal.outbox.ForeignPublisher;
import io.github.cacheinvalidation.internal.outbox.ListenedOutbox;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.outbox.WriteListener;
import io.github.cacheinvalidation.internal.receiver.NodeReceivers;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.internal.receiver.Replica;
import io.github.cacheinvalidation.internal.receiver.TracedReplica;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private ReceiverSettings coherence = ReceiverSettings.defaults();

  private OutboxSettings outbox = OutboxSettings.defaults();

  private BiFunction<LogicalClock, Outbox, Transactions> transactions =
      (clock, target) -> Transactions.none();

  private List<KeyCodec<?>> codecs = List.of();

  private List<ForeignMessageReader> foreignReaders = List.of();

  private List<ForeignMessageWriter> foreignWriters = List.of();

  private InvalidationObserver observer = new InvalidationObserver() {};

  private @Nullable WriteListener writeListener;

  private MessageListener messageListener = MessageListener.NONE;

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

  /** Sets the check interval and the other settings of the receiver. */
  public NodeBuilder coherence(ReceiverSettings value) {
    coherence = value;
    return this;
  }

  /** Sets the settings of the outbox. */
  public NodeBuilder outbox(OutboxSettings value) {
    outbox = value;
    return this;
  }

  /** Sets how the transaction support is made from the node's clock and outbox. */
  public NodeBuilder transactions(BiFunction<LogicalClock, Outbox, Transactions> value) {
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
  public NodeBuilder messageListener(MessageListener value) {
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
    CoherenceWatermark watermark = new CoherenceWatermark(ticker.read());
    StatusTracker status =
        new StatusTracker(observer, watermark, ticker::read, InstantSource.system());
    Outbox box = outbox(InvalidationObserver.all(List.of(status, observer)));
    box.traceWith(tracer);
    status.pendingKeys(box::pendingKeys);
    Transactions known = transactions.apply(clock, box);
    CoherentCacheManager manager =
        new CoherentCacheManager(
            new CoherentCacheManager.Dependencies(
                clock, watermark, ticker, box, known, codecs, observer, random, executor),
            caches,
            cacheNames);
    MessageReader reader = new MessageReader(foreignReaders);
    NodeReceivers receivers =
        new NodeReceivers(
            reader,
            traced(manager.replica(messageListener)),
            watermark,
            coherence,
            observer,
            status,
            random,
            ticker::read);
    Map<String, String> texts = settingsTexts;
    Ticker time = ticker;
    return new DefaultInvalidationNode(
        name,
        opener,
        () -> new SentSettings(texts, time::read),
        manager,
        box,
        receivers,
        new Groups(reader, new ManagerCaches(manager)),
        new CacheJudge(
            manager::judged,
            watermark,
            ticker::read,
            random,
            () -> status.state() == NodeStatus.State.COHERENT),
        known,
        status,
        coherence.checkInterval(),
        outbox.timeout());
  }

  private Replica traced(Replica replica) {
    return tracer == null ? replica : new TracedReplica(replica, tracer);
  }

  private Outbox outbox(InvalidationObserver observers) {
    KeyEncoder encoder = new KeyEncoder(codecs);
    Supplier<String> nonces = () -> UUID.randomUUID().toString();
    ForeignPublisher foreign =
        new ForeignPublisher(
            foreignWriters, outbox.maxPendingKeys(), observer, random, messageListener);
    return writeListener == null
        ? new Outbox(encoder, outbox, observers, nonces, random, foreign)
        : new ListenedOutbox(encoder, outbox, observers, nonces, random, foreign, writeListener);
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
