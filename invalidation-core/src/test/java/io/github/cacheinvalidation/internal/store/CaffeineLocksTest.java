package io.github.cacheinvalidation.internal.store;

import static java.util.Arrays.asList;
import static java.util.Collections.singletonList;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import com.github.benmanes.caffeine.cache.stats.StatsCounter;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fence's expectations of Caffeine: an operation that removes or replaces a key waits for the
 * {@code compute} of that key, whether the key is present or absent, in each kind of cache; and no
 * listener is called inside the {@code compute}.
 */
@Tag("G1")
class CaffeineLocksTest {

  private static final String KEY = "key";

  private static final Map<String, UnaryOperator<Caffeine<Object, Object>>> CACHES =
      Map.of(
          "unbounded",
          builder -> builder,
          "bounded by its size",
          builder -> builder.maximumSize(100),
          "bounded by weights",
          builder -> builder.maximumWeight(100).weigher((key, value) -> 1),
          "with expiry after writes",
          builder -> builder.expireAfterWrite(Duration.ofHours(1)),
          "with expiry after reads",
          builder -> builder.expireAfterAccess(Duration.ofHours(1)),
          "with an expiry for each entry",
          builder -> builder.expireAfter(Expiry.writing((key, value) -> Duration.ofHours(1))),
          "with soft values",
          Caffeine::softValues);

  private final List<ClearReason> clears = new ArrayList<>();

  /** How a value is stored that is old if the key is changed meanwhile. */
  private enum Store {
    FILL,
    WRITE;

    void make(EntryStore store, long stamp) {
      if (this == FILL) {
        store.fill(KEY, "old", stamp);
      } else {
        store.putUnlessNewer(KEY, "old", stamp);
      }
    }

    /** A write that finds another before it leaves neither. */
    List<@Nullable Object> leaves(Change change) {
      return this == FILL ? singletonList(change.leaves()) : asList(change.leaves(), null);
    }
  }

  private enum Change {
    EVICTION,
    MESSAGE,
    PUT;

    void make(EntryStore store) {
      switch (this) {
        case EVICTION -> store.evict(KEY);
        case MESSAGE -> store.evictAll(List.of(KEY), store.hear());
        case PUT -> store.put(KEY, "put");
      }
    }

    @Nullable Object leaves() {
      return this == PUT ? "put" : null;
    }
  }

  /**
   * A clock that stands still and statistics that count nothing, which run something at the n-th
   * time that one thread asks for them.
   */
  private static final class Moments implements Ticker, StatsCounter {

    private final Thread asking = Thread.currentThread();

    private int left;

    private Runnable hook = () -> {};

    void at(int count, Runnable action) {
      left = count;
      hook = action;
    }

    boolean hasRun() {
      return left == 0;
    }

    private void pass() {
      if (Thread.currentThread() == asking && left > 0 && --left == 0) {
        hook.run();
      }
    }

    @Override
    public long read() {
      pass();
      return 0;
    }

    @Override
    public void recordLoadSuccess(long loadTime) {
      pass();
    }

    @Override
    public void recordLoadFailure(long loadTime) {
      pass();
    }

    @Override
    public void recordHits(int count) {}

    @Override
    public void recordMisses(int count) {}

    @Override
    public void recordEviction(int weight, RemovalCause cause) {}

    @Override
    public CacheStats snapshot() {
      return CacheStats.empty();
    }
  }

  private EntryStore store(Caffeine<Object, Object> builder) {
    return new EntryStore(
        builder::build,
        new LogicalClock(),
        new RecentInvalidations(),
        new CoherenceWatermark(0),
        () -> 0,
        () -> CacheState.UNLIMITED,
        retired -> {},
        clears::add);
  }

  static Stream<Arguments> everyCase() {
    List<Arguments> cases = new ArrayList<>();
    for (String cache : CACHES.keySet().stream().sorted().toList()) {
      for (Store store : Store.values()) {
        for (Change change : Change.values()) {
          cases.add(arguments(cache, store, change, true));
          cases.add(arguments(cache, store, change, false));
        }
      }
    }
    return cases.stream();
  }

  /**
   * Caffeine reads its clock before it has the lock of the key, and several times inside, if
   * entries expire. Inside it also counts the fill, right after the test of the fence.
   */
  @Tag("G1.11")
  @ParameterizedTest
  @MethodSource("everyCase")
  void changeAtAnyMomentOfAStore_leavesNothingOld(
      String cache, Store kind, Change change, boolean present) throws InterruptedException {
    Set<Thread.State> states = EnumSet.noneOf(Thread.State.class);
    boolean reached = true;
    for (int count = 1; reached; count++) {
      Moments moments = new Moments();
      Caffeine<Object, Object> builder =
          Caffeine.newBuilder().recordStats(() -> moments).ticker(moments);
      EntryStore store = store(requireNonNull(CACHES.get(cache)).apply(builder));
      if (present) {
        store.put(KEY, "before");
      }
      long stamp = store.stamp();
      Thread changing = new Thread(() -> change.make(store));
      moments.at(count, () -> states.add(startedUntilItWaitsOrEnds(changing)));

      kind.make(store, stamp);

      reached = moments.hasRun();
      if (reached) {
        changing.join();
        assertThat(store.lookup(KEY)).as("moment %d", count).isIn(kind.leaves(change));
      }
    }
    assertThat(states).contains(Thread.State.BLOCKED);
    assertThat(clears).isEmpty();
  }

  private static Thread.State startedUntilItWaitsOrEnds(Thread thread) {
    thread.start();
    Thread.State state;
    do {
      Thread.onSpinWait();
      state = thread.getState();
    } while (state != Thread.State.BLOCKED && state != Thread.State.TERMINATED);
    return state;
  }

  @Tag("G1.13")
  @Test
  void weigherThatBlocks_delaysTheInvalidationOfItsKey_butNotTheBound()
      throws InterruptedException {
    CountDownLatch weighing = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicLong nanos = new AtomicLong();
    EntryStore store =
        new EntryStore(
            () ->
                Caffeine.newBuilder()
                    .maximumWeight(100)
                    .weigher(
                        (key, value) -> {
                          if (value.equals("old")) {
                            weighing.countDown();
                            await(released);
                          }
                          return 1;
                        })
                    .build(),
            new LogicalClock(),
            new RecentInvalidations(),
            new CoherenceWatermark(0),
            nanos::get,
            () -> 10,
            retired -> {},
            clears::add);
    store.put(KEY, "before");
    long stamp = store.stamp();
    Thread filling = new Thread(() -> store.fill(KEY, "old", stamp));
    filling.start();
    weighing.await();
    Thread evicting = new Thread(() -> store.evict(KEY));
    Thread.State state = startedUntilItWaitsOrEnds(evicting);
    Object meanwhile = store.lookup(KEY);
    nanos.set(11);
    Object beyondTheBound = store.lookup(KEY);
    released.countDown();
    filling.join();
    evicting.join();

    assertThat(state).isEqualTo(Thread.State.BLOCKED);
    assertThat(meanwhile).isEqualTo("before");
    assertThat(beyondTheBound).isNull();
    assertThat(store.lookup(KEY)).isNull();
    assertThat(clears).containsExactly(ClearReason.STALENESS_BOUND);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Tag("G1.12")
  @Test
  void removalListener_mayEvictTheKeyThatAFillReplaces() {
    EntryStore[] store = new EntryStore[1];
    store[0] =
        store(
            Caffeine.newBuilder()
                .executor(Runnable::run)
                .removalListener((key, value, cause) -> store[0].evict(requireNonNull(key))));
    store[0].fill("other", "value", store[0].stamp());
    store[0].fill(KEY, "first", store[0].stamp());
    store[0].fill(KEY, "second", store[0].stamp());
    assertThat(store[0].lookup(KEY)).isNull();
    assertThat(store[0].lookup("other")).isEqualTo("value");
    assertThat(clears).isEmpty();
  }

  @Test
  void weigherAndExpiry_mayReadTheCacheThatTheyAreCalledBy() {
    EntryStore[] store = new EntryStore[1];
    List<@Nullable Object> read = new ArrayList<>();
    store[0] =
        store(
            Caffeine.newBuilder()
                .maximumWeight(100)
                .weigher(
                    (key, value) -> {
                      read.add(store[0].lookup(key));
                      return 1;
                    })
                .expireAfter(
                    Expiry.writing(
                        (key, value) -> {
                          read.add(store[0].lookup(key));
                          return Duration.ofHours(1);
                        })));
    store[0].fill(KEY, "first", store[0].stamp());
    store[0].fill(KEY, "second", store[0].stamp());
    assertThat(read).containsExactly(null, null, "first", "first");
    assertThat(store[0].lookup(KEY)).isEqualTo("second");
  }
}
