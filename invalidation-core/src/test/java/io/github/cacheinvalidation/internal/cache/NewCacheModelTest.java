package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.loading.Loading;
import io.github.cacheinvalidation.internal.loading.WaitForGraph;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import io.github.cacheinvalidation.internal.outbox.ForeignPublisher;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker interleave the making of a cache with messages that look for it: no lookup
 * that begins after a message was applied finds a value of an older view, although the view was
 * opened before the cache was made. The database is a number that only grows, so an older value is
 * a smaller one.
 */
@Tag("G1")
@Tag("model")
@Tag("G2.11")
class NewCacheModelTest {

  private static final int INTERLEAVINGS = 200;

  private static final String NAME = "prices";

  /** Of a type that messages bring as it is: the model checker does not see maps of classes. */
  private static final Object KEY = 'k';

  private static final List<Invalidation<WireKey>> NAMING_THE_KEY = read("foreign");

  private static final InvalidationObserver OBSERVER = new InvalidationObserver() {};

  private static final CacheSettings SETTINGS =
      CacheSettings.ofSpec("", Duration.ofSeconds(1), false);

  /** No operation publishes. */
  private static final Outbox UNUSED_OUTBOX =
      new Outbox(
          new KeyEncoder(List.of()),
          OutboxSettings.defaults(),
          OBSERVER,
          () -> "nonce",
          new Random(1),
          new ForeignPublisher(List.of(), 1, OBSERVER, new Random(1)));

  private static List<Invalidation<WireKey>> read(String message) {
    try {
      MessageReader reader =
          new MessageReader(List.of(payload -> List.of(Invalidation.keys(NAME, KEY))));
      return reader.read(message.getBytes(StandardCharsets.UTF_8), true).invalidations();
    } catch (UnreadableMessageException unreadable) {
      throw new IllegalArgumentException(message, unreadable);
    }
  }

  /**
   * Every operation returns whether its observation was correct; in sequential runs it always is.
   */
  abstract static class Node {

    private final LogicalClock clock = new LogicalClock();

    private final CoherenceWatermark watermark = new CoherenceWatermark(0);

    private final AtomicLong nanos = new AtomicLong();

    private final ListeningCaches listening =
        new ListeningCaches(clock, nanos::get, cache -> watermark);

    private final CoherentLocalCaches localCaches = new CoherentLocalCaches(listening, OBSERVER);

    private final ConcurrentHashMap<String, CoherentCache> caches = new ConcurrentHashMap<>();

    private final AtomicInteger database = new AtomicInteger();

    private final AtomicInteger applied = new AtomicInteger();

    Node(long nanosSinceTheStart) {
      nanos.set(nanosSinceTheStart);
    }

    /** The view is opened, sees the database, and only then the cache is used. */
    @Operation
    public boolean loadThroughAnOlderView() {
      long opened = clock.now();
      int seen = database.get();
      CoherentCache cache = caches.computeIfAbsent(NAME, this::make);
      Loading loading = cache.loading();
      loading.store(loading.begin(KEY, opened), KEY, seen);
      return true;
    }

    @Operation
    public boolean lookUp() {
      int atLeast = applied.get();
      CoherentCache cache = caches.get(NAME);
      Object present = cache == null ? null : cache.store().lookup(KEY);
      return present == null || (int) present >= atLeast;
    }

    @Operation
    public boolean message() {
      return change(NAMING_THE_KEY);
    }

    @Operation
    public boolean whole() {
      return change(List.of(new Invalidation.Whole<>(NAME)));
    }

    @Operation
    public boolean everything() {
      return change(List.of(new Invalidation.Everything<>()));
    }

    @Operation
    public boolean join() {
      int written = database.incrementAndGet();
      localCaches.clearAll(ClearReason.JOINED);
      applied.accumulateAndGet(written, Math::max);
      return true;
    }

    private boolean change(List<Invalidation<WireKey>> invalidations) {
      int written = database.incrementAndGet();
      localCaches.apply(invalidations);
      applied.accumulateAndGet(written, Math::max);
      return true;
    }

    private CoherentCache make(String name) {
      EntryStore store =
          new EntryStore(
              MapCache::new,
              clock,
              new RecentInvalidations(),
              watermark,
              nanos::get,
              () -> Fence.LIMIT_NANOS,
              retired -> {},
              reason -> {});
      NativeCache nativeCache = new NativeCache();
      nativeCache.show(store);
      CoherentCache cache =
          new CoherentCache(
              name,
              nativeCache,
              store,
              new KeyTypes(List.of(), store::heard),
              SETTINGS,
              UNUSED_OUTBOX,
              Transactions.none(),
              new WaitForGraph(),
              OBSERVER);
      listening.add(cache);
      return cache;
    }
  }

  public static final class Confirmed extends Node {
    public Confirmed() {
      super(0);
    }
  }

  /** The bound has passed without a confirmation. */
  public static final class CutOff extends Node {
    public CutOff() {
      super(2 * Fence.LIMIT_NANOS);
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean loadThroughAnOlderView() {
      return true;
    }

    public boolean lookUp() {
      return true;
    }

    public boolean message() {
      return true;
    }

    public boolean whole() {
      return true;
    }

    public boolean everything() {
      return true;
    }

    public boolean join() {
      return true;
    }
  }

  private static void check(List<List<String>> scenarios) {
    check(Confirmed.class, scenarios);
    check(CutOff.class, scenarios);
  }

  private static void check(Class<?> node, List<List<String>> scenarios) {
    ModelCheck check =
        new ModelCheck(node, Right.class, INTERLEAVINGS).withoutSwitchesIn(CacheSettings.class);
    scenarios.forEach(atOnce -> check.scenario(atOnce, "lookUp"));
    check.run();
  }

  @Test
  void messageThatLooksForTheCache_whileItIsMade_isNotMissed() {
    List<List<String>> scenarios = new ArrayList<>();
    for (String change : List.of("message", "whole", "everything", "join")) {
      scenarios.add(List.of("loadThroughAnOlderView", change));
    }
    check(scenarios);
  }

  @Test
  void twoMessages_orTwoLoads_whileTheCacheIsMade_areNotMissed() {
    check(
        List.of(
            List.of("loadThroughAnOlderView", "message", "lookUp"),
            List.of("loadThroughAnOlderView", "loadThroughAnOlderView", "message"),
            List.of("loadThroughAnOlderView", "loadThroughAnOlderView", "whole")));
  }

  @Test
  void firstLoadOfACacheThatNobodyNamed_isStored() {
    Node node = new Confirmed();
    assertThat(node.loadThroughAnOlderView()).isTrue();
    assertThat(node.caches.values())
        .singleElement()
        .extracting(cache -> cache.store().lookup(KEY))
        .isEqualTo(0);
  }
}
