package io.github.cacheinvalidation.convergence;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.judge.JudgeListener;
import io.github.cacheinvalidation.internal.judge.JudgeSettings;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.internal.transaction.SpringTransactions;
import io.github.cacheinvalidation.testing.FaultyChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.springframework.cache.Cache;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A node as an application has it: two caches, annotated methods, transactions. */
final class ConvergenceNode implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMillis(300);

  private static final double READS_OF_THE_JUDGE = 200;

  private final int number;

  private final String name;

  private final Settings settings;

  private final History history;

  private final KeyWire wire;

  private final Channels channelNames;

  private final DefaultInvalidationNode node;

  private final StoreTransactionManager transactions;

  private final OtherTransactionManager otherTransactions = new OtherTransactionManager();

  private final AnnotationConfigApplicationContext context;

  private final Shop shop;

  private final Cache products;

  private final Cache lists;

  /** For each slot the newest commit of each product whose invalidation was applied here. */
  private final AtomicLongArray[] floors = new AtomicLongArray[Key.SLOTS];

  /** The newest commits before the last check, by channel. */
  private final Map<String, Version[]> committedAtCheck = new ConcurrentHashMap<>();

  private volatile List<FaultyChannel> channels = List.of();

  ConvergenceNode(
      int number, Settings settings, RedisConnectionFactory factory, Store store, Judge judge) {
    this.number = number;
    this.name = "node-" + number;
    this.settings = settings;
    this.history = settings.history();
    this.wire = new KeyWire(name, store, judge);
    this.transactions = new StoreTransactionManager(store);
    for (int slot = 0; slot < Key.SLOTS; slot++) {
      floors[slot] = new AtomicLongArray(Key.PRODUCTS);
    }
    this.channelNames = settings.channels(number);
    RedisChannelSettings redis =
        new RedisChannelSettings(Channels.OWN, name, 10_000, 16_000_000, List.of(), TIMEOUT)
            .withFeed(settings.feed(number))
            .withCacheChannels(channelNames.byCache().values());
    this.node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(
                () -> {
                  FaultyChannel opened = new FaultyChannel(SpringDataChannel.open(factory, redis));
                  channels = withCacheChannels(opened);
                  return new WatchedChannel(
                      Channels.OWN,
                      settings.sabotage().channel(opened),
                      number,
                      store,
                      history,
                      committedAtCheck::put);
                })
            .cacheChannels(channelNames.byCache())
            .cacheNames(List.of(Key.PRODUCT_CACHE, Key.LIST_CACHE))
            .caches(cache -> CacheSettings.ofSpec("maximumSize=1000", Settings.BOUND, false))
            .receiver(coherence(number))
            .outbox(outbox(number))
            .transactions(
                (clock, outbox) -> {
                  SpringTransactions spring = new SpringTransactions(clock, outbox);
                  transactions.addListener((TransactionExecutionListener) spring);
                  otherTransactions.addListener((TransactionExecutionListener) spring);
                  return settings.sabotage().transactions(spring, outbox);
                })
            .codecs(List.of(wire))
            .observer(new Watching())
            .random(new Random(settings.seed() + number))
            .build();
    this.node
        .judge()
        .watch(
            List.of(
                new StoreSource(Key.PRODUCT_CACHE, store, number),
                new StoreSource(Key.LIST_CACHE, store, number)),
            new JudgeSettings(READS_OF_THE_JUDGE, true),
            new Found(judge));
    this.products = requireNonNull(node.cacheManager().getCache(Key.PRODUCT_CACHE));
    this.lists = requireNonNull(node.cacheManager().getCache(Key.LIST_CACHE));
    this.context = Shop.context(node.cacheManager(), new Loaders(name, store, settings));
    this.shop = context.getBean(Shop.class);
  }

  private List<FaultyChannel> withCacheChannels(FaultyChannel own) {
    return channelNames.names().stream()
        .map(each -> each.equals(Channels.OWN) ? own : own.cacheChannel(each))
        .toList();
  }

  /** A queue that overflows soon on one node. */
  private static ReceiverSettings coherence(int number) {
    return new ReceiverSettings(
        Duration.ofMillis(100), Settings.BOUND, TIMEOUT, number == 2 ? 8_192 : 1 << 20);
  }

  /** An outbox that overflows soon on one node; writes that wait on another. */
  private static OutboxSettings outbox(int number) {
    return number == 1
        ? new OutboxSettings(false, TIMEOUT, 8, 30)
        : new OutboxSettings(number == 2, TIMEOUT, 512, 100_000);
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  String clientName() {
    return "invalidation:" + name;
  }

  Shop shop() {
    return shop;
  }

  Loaders loaders() {
    return shop.loaders();
  }

  Cache cache(Key key) {
    return key.cache().equals(Key.PRODUCT_CACHE) ? products : lists;
  }

  Cache products() {
    return products;
  }

  Cache lists() {
    return lists;
  }

  CacheInvalidator invalidator() {
    return node.invalidator();
  }

  /** Returns the channel of the node, and its cache channels after it. */
  List<FaultyChannel> channels() {
    return channels;
  }

  /** Returns the name of one of the {@link #channels}. */
  String channelName(int index) {
    return channelNames.names().get(index);
  }

  TransactionTemplate transaction(int propagation, boolean readOnly, boolean withSnapshot) {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition(propagation);
    definition.setReadOnly(readOnly);
    if (withSnapshot) {
      definition.setIsolationLevel(DefaultTransactionDefinition.ISOLATION_REPEATABLE_READ);
    }
    return new TransactionTemplate(transactions, definition);
  }

  /** Returns a transaction of a manager that has no part in the transactions of the store. */
  TransactionTemplate otherTransaction() {
    return new TransactionTemplate(otherTransactions);
  }

  void start() {
    node.start();
  }

  void stop() {
    node.stop();
  }

  boolean awaitJoined() throws InterruptedException {
    return node.awaitJoined(Settings.PATIENCE.multipliedBy(3));
  }

  /** Returns the floors of the products that a key shows. */
  long[] floors(Key key) {
    AtomicLongArray ofSlot = floors[key.slot()];
    int[] shown = key.products();
    long[] found = new long[shown.length];
    for (int i = 0; i < shown.length; i++) {
      found[i] = ofSlot.get(shown[i]);
    }
    return found;
  }

  /** A write of this node has returned: the keys that it made stale are evicted here. */
  void evicted(Collection<Version> written) {
    for (Version version : written) {
      if (version.status() == Version.Status.COMMITTED) {
        for (int slot = 0; slot < Key.SLOTS; slot++) {
          record(slot, version.product(), version.ordinal());
          history.evicted(name, Key.stale(version.product(), slot), version);
        }
      }
    }
  }

  private void record(int slot, int product, long ordinal) {
    floors[slot].accumulateAndGet(product, ordinal, Math::max);
  }

  @Override
  public void close() {
    node.close();
    context.close();
  }

  /** What the judge of the node has found is a violation too. */
  private final class Found implements JudgeListener {

    private final Judge judge;

    Found(Judge judge) {
      this.judge = judge;
    }

    @Override
    public void mismatch(Mismatch mismatch) {
      judge.violated(Judge.OF_THE_NODE, name, (Key) mismatch.key(), "stale for " + mismatch);
    }

    @Override
    public void compared(String cache) {
      settings.counters().add("judge of the node", "compared");
    }

    @Override
    public void failed(String cache, Throwable cause) {
      judge.violated(Judge.OF_THE_NODE, name, Key.product(0), "failed: " + cause);
    }
  }

  /** Raises the floors when the thread that applies invalidations has applied some. */
  private final class Watching implements InvalidationObserver {

    @Override
    public void applied(String cache, int keys) {
      for (KeyWire.Named named : wire.takeNamed(cache)) {
        Key key = named.key();
        for (int i = 0; i < named.ordinals().length; i++) {
          record(key.slot(), key.products()[i], named.ordinals()[i]);
        }
        history.applied(name, key, named);
      }
    }

    /**
     * A clear of a receiver's thread because of a resync comes after the check whose tip it takes,
     * and no other check of its channel begins until it is done. The clear after a suspicion is
     * made by any thread, so that it is not known which check came before.
     */
    @Override
    public void cleared(String cache, ClearReason reason) {
      settings.counters().add("clears", reason.name());
      history.cleared(name, cache, reason);
      if (reason == ClearReason.JOINED || reason == ClearReason.LOST_MESSAGES) {
        int firstSlot = cache.equals(Key.PRODUCT_CACHE) ? 0 : 1;
        int lastSlot = cache.equals(Key.PRODUCT_CACHE) ? 0 : 2;
        Version[] atCheck = committedAtCheck.getOrDefault(channelNames.of(cache), new Version[0]);
        for (Version version : atCheck) {
          for (int slot = firstSlot; slot <= lastSlot; slot++) {
            record(slot, version.product(), version.ordinal());
          }
        }
      }
    }

    @Override
    public void joined() {
      history.happened(name, "joined", "");
    }

    @Override
    public void replayed(int messages) {
      settings.counters().add("observed", "replay");
      history.happened(name, "replayed", messages);
    }

    @Override
    public void outboxOverflowed(String cache, OverflowCause cause) {
      settings.counters().add("observed", "outbox overflow");
    }

    @Override
    public void publishFailed(RuntimeException cause) {
      settings.counters().add("observed", "publication failed");
      history.happened(name, "publication failed", String.valueOf(cause.getMessage()));
    }

    @Override
    public void fillRefused(String cache, FillRefusal reason) {
      settings.counters().add("observed", "fill refused: " + reason);
    }

    @Override
    public void subscriptionLost(Throwable cause) {
      history.happened(name, "subscription lost", String.valueOf(cause.getMessage()));
    }
  }
}
