package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import io.github.cacheinvalidation.internal.outbox.ForeignPublisher;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The caches of one node that is not connected: its publications are kept for the test. */
public final class TestCaches {

  private final LogicalClock clock = new LogicalClock();

  private final FakeTicker ticker = new FakeTicker();

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private final RecordingObserver observer = new RecordingObserver();

  private final ScriptedChannel channel = new ScriptedChannel();

  private final Outbox outbox;

  private final Transactions transactions;

  private final CoherentCacheManager manager;

  private Executor executor = Runnable::run;

  private TestCaches(
      Function<String, CacheSettings> settings,
      OutboxSettings outboxSettings,
      BiFunction<LogicalClock, InvalidationSink, Transactions> transactions,
      List<String> names) {
    this.outbox =
        new Outbox(
            new KeyEncoder(List.of()),
            outboxSettings,
            observer,
            () -> "nonce",
            new Random(1),
            new ForeignPublisher(List.of(), 1, observer, new Random(1)));
    this.transactions = transactions.apply(clock, outbox);
    this.manager =
        new CoherentCacheManager(
            new CoherentCacheManager.Dependencies(
                clock,
                cache -> watermark,
                ticker,
                outbox,
                this.transactions,
                List.of(),
                observer,
                new Random(42),
                task -> executor.execute(task)),
            settings,
            names);
  }

  /** Returns caches without transactions; the one named "local" is local-only. */
  public static TestCaches create() {
    return with((clock, outbox) -> Transactions.none());
  }

  /** Returns caches with transactions. */
  public static TestCaches with(
      BiFunction<LogicalClock, InvalidationSink, Transactions> transactions) {
    return with(transactions, OutboxSettings.defaults());
  }

  /** Returns caches with transactions and an outbox of other settings. */
  public static TestCaches with(
      BiFunction<LogicalClock, InvalidationSink, Transactions> transactions,
      OutboxSettings outboxSettings) {
    return new TestCaches(TestCaches::settings, outboxSettings, transactions, List.of());
  }

  /** Returns caches made by a builder. */
  public static TestCaches of(
      Caffeine<Object, Object> builder,
      BiFunction<LogicalClock, InvalidationSink, Transactions> transactions) {
    return new TestCaches(
        name -> new CacheSettings(() -> builder, Duration.ofSeconds(10), false),
        OutboxSettings.defaults(),
        transactions,
        List.of());
  }

  static TestCaches of(Function<String, CacheSettings> settings, String... names) {
    return new TestCaches(
        settings,
        OutboxSettings.defaults(),
        (clock, outbox) -> Transactions.none(),
        List.of(names));
  }

  private static CacheSettings settings(String name) {
    return CacheSettings.ofSpec("recordStats", Duration.ofSeconds(10), name.equals("local"));
  }

  /** Returns a cache. */
  public org.springframework.cache.Cache cache(String name) {
    return coherent(name);
  }

  CoherentCache coherent(String name) {
    return Objects.requireNonNull(manager.find(name));
  }

  public CoherentCacheManager manager() {
    return manager;
  }

  public Transactions transactions() {
    return transactions;
  }

  public RecordingObserver observer() {
    return observer;
  }

  /** From now on another executor empties the instances that a clear has replaced. */
  void executor(Executor other) {
    executor = other;
  }

  public FakeTicker ticker() {
    return ticker;
  }

  /** The caches of a map of the test's own, on the clocks of these caches. */
  ListeningCaches listening(ConcurrentMap<String, CoherentCache> map) {
    return new ListeningCaches(map, clock, ticker, cache -> watermark);
  }

  CoherenceWatermark watermark() {
    return watermark;
  }

  /** Applies a message as if another node had sent it. */
  public void receive(Invalidation<WireKey> invalidation) {
    receive(List.of(invalidation));
  }

  /** The same with a message that says several things. */
  public void receive(List<Invalidation<WireKey>> invalidations) {
    manager.localCaches().apply(invalidations);
  }

  /** Applies a message from outside. */
  public void receive(String json) {
    try {
      MessageReader reader = new MessageReader(List.of());
      byte[] payload = json.getBytes(StandardCharsets.UTF_8);
      manager.localCaches().apply(reader.read(payload, true).invalidations());
    } catch (UnreadableMessageException unreadable) {
      throw new IllegalArgumentException(json, unreadable);
    }
  }

  /** Applies the message that another node sends when it evicts a key. */
  public void receiveEviction(String cache, Object key) {
    TestCaches other = create();
    other.cache(cache).evict(key);
    other.deliverTo(this);
  }

  /** Hands the publications of this node since the last call to another node. */
  public void deliverTo(TestCaches other) {
    bodies().forEach(other::receiveTyped);
  }

  private void receiveTyped(String body) {
    try {
      MessageReader reader = new MessageReader(List.of());
      byte[] payload = body.getBytes(StandardCharsets.UTF_8);
      manager.localCaches().apply(reader.read(payload, false).invalidations());
    } catch (UnreadableMessageException unreadable) {
      throw new IllegalArgumentException(body, unreadable);
    }
  }

  /** Returns the caches and keys of the messages published since the last call, one text each. */
  public List<String> published() {
    return bodies().stream()
        .map(body -> body.substring(body.indexOf("\"caches\":") + 9, body.length() - 1))
        .toList();
  }

  private List<String> bodies() {
    outbox.start(channel, new BodyWriter("node", "id"));
    outbox.stop(Duration.ofSeconds(20));
    List<String> taken = List.copyOf(channel.accepted());
    channel.forget();
    return taken;
  }

  /** Accepts messages by sending them to the given channel, until the outbox is stopped. */
  public Outbox outbox() {
    return outbox;
  }
}
