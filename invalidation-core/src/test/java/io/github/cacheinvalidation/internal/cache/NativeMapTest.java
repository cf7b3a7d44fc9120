package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A map, a view or an iterator that a caller keeps follows the clears of the cache. */
class NativeMapTest {

  private final TestCaches caches = TestCaches.create();

  private final CoherentCache cache = caches.coherent("prices");

  private final ConcurrentMap<Object, Object> map = cache.getNativeCache().asMap();

  private final Set<Object> keys = map.keySet();

  private final Collection<Object> values = map.values();

  private final Set<Map.Entry<Object, Object>> entries = map.entrySet();

  /** What empties a cache as a whole. */
  enum Clear {
    BY_THE_APPLICATION,
    BY_A_MESSAGE,
    BY_THE_BOUND_AT_A_LOOKUP,
    BY_THE_BOUND_OF_THE_NODE
  }

  private void empty(Clear clear) {
    switch (clear) {
      case BY_THE_APPLICATION -> cache.clear();
      case BY_A_MESSAGE -> caches.receive("{\"cache\":\"prices\"}");
      case BY_THE_BOUND_AT_A_LOOKUP -> {
        caches.ticker().advance(Duration.ofSeconds(20));
        assertThat(cache.get(1L)).isNull();
      }
      case BY_THE_BOUND_OF_THE_NODE -> {
        caches.ticker().advance(Duration.ofSeconds(20));
        caches.manager().expireBeyondLimits();
      }
    }
  }

  @BeforeEach
  void fill() {
    cache.put(1L, 10);
    cache.put(2L, 20);
  }

  @ParameterizedTest
  @EnumSource
  void keptMapAndViews_afterAClear_areEmpty(Clear clear) {
    empty(clear);

    assertThat(map).isEmpty();
    assertThat(map.get(1L)).isNull();
    assertThat(map.containsKey(1L)).isFalse();
    assertThat(map.containsValue(10)).isFalse();
    assertThat(keys).isEmpty();
    assertThat(keys.contains(1L)).isFalse();
    assertThat(keys.stream()).isEmpty();
    assertThat(values).isEmpty();
    assertThat(values.contains(10)).isFalse();
    assertThat(entries).isEmpty();
    assertThat(entries.contains(Map.entry(1L, 10))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void keptMapAndViews_showWhatIsStoredAfterAClear(Clear clear) {
    empty(clear);
    cache.put(1L, 11);
    cache.get(3L, () -> 30);

    assertThat(map).containsOnly(entry(1L, 11), entry(3L, 30));
    assertThat(map.get(1L)).isEqualTo(11);
    assertThat(map.containsKey(3L)).isTrue();
    assertThat(map).hasSize(2).isEqualTo(Map.of(1L, 11, 3L, 30));
    assertThat(keys).containsExactlyInAnyOrder(1L, 3L).isEqualTo(Set.of(1L, 3L));
    assertThat(keys.hashCode()).isEqualTo(Set.of(1L, 3L).hashCode());
    assertThat(keys.stream()).containsExactlyInAnyOrder(1L, 3L);
    assertThat(values).containsExactlyInAnyOrder(11, 30);
    assertThat(values.toArray()).containsExactlyInAnyOrder(11, 30);
    assertThat(entries)
        .containsExactlyInAnyOrder(entry(1L, 11), entry(3L, 30))
        .isEqualTo(Map.of(1L, 11, 3L, 30).entrySet());
  }

  @ParameterizedTest
  @EnumSource
  void iteratorAndStreamFromBeforeAClear_endAfterIt(Clear clear) {
    List<Iterator<?>> begun = List.of(keys.iterator(), values.iterator(), entries.iterator());
    begun.forEach(Iterator::next);
    Iterator<Object> fresh = keys.iterator();
    Stream<Object> stream = values.stream();

    empty(clear);
    cache.put(1L, 11);

    assertThat(begun).noneMatch(Iterator::hasNext);
    assertThat(fresh.hasNext()).isFalse();
    assertThat(stream).isEmpty();
    assertThatThrownBy(fresh::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void elementThatAnIteratorHasAnnounced_isReturnedAlsoAfterAClear() {
    Iterator<Object> announced = keys.iterator();
    assertThat(announced.hasNext()).isTrue();

    cache.clear();

    assertThat(announced.next()).isIn(1L, 2L);
    assertThat(announced.hasNext()).isFalse();
  }

  @Test
  void writesThroughAKeptMap_reachTheCache_alsoAfterAClear() {
    cache.clear();

    map.put(1L, 11);
    map.putAll(Map.of(2L, 21, 3L, 31, 4L, 41, 5L, 51));
    assertThat(map.putIfAbsent(1L, 12)).isEqualTo(11);
    assertThat(map.remove(2L)).isEqualTo(21);
    assertThat(map.remove(3L, 0)).isFalse();
    assertThat(map.replace(4L, 42)).isEqualTo(41);
    assertThat(map.replace(5L, 51, 52)).isTrue();
    assertThat(map.getOrDefault(9L, 0)).isEqualTo(0);

    assertThat(present(1L, 2L, 3L, 4L, 5L))
        .isEqualTo(Map.of(1L, 11, 3L, 31, 4L, 42, 5L, 52))
        .isEqualTo(map);
    map.clear();
    assertThat(cache.get(1L)).isNull();
  }

  @Test
  void computationsOfAKeptMap_useThePresentEntries() {
    cache.clear();
    map.put(2L, 21);

    assertThat(map.computeIfAbsent(1L, key -> 11)).isEqualTo(11);
    assertThat(map.computeIfPresent(2L, (key, old) -> (int) old + 1)).isEqualTo(22);
    assertThat(map.compute(3L, (key, old) -> old == null ? 31 : 0)).isEqualTo(31);
    assertThat(map.merge(3L, 1, (old, more) -> (int) old + (int) more)).isEqualTo(32);
    map.replaceAll((key, old) -> (int) old + 100);

    assertThat(present(1L, 2L, 3L)).isEqualTo(Map.of(1L, 111, 2L, 122, 3L, 132));
  }

  private static Stream<Consumer<UnaryOperator<Object>>> computations(
      ConcurrentMap<Object, Object> map) {
    return Stream.of(
        function -> map.computeIfAbsent(9L, key -> function.apply(90)),
        function -> map.computeIfPresent(1L, (key, old) -> function.apply(old)),
        function -> map.compute(1L, (key, old) -> function.apply(90)),
        function -> map.merge(1L, 90, (old, more) -> function.apply(more)));
  }

  /** As in Caffeine's own map: a removal waits for a computation of its key, then it removes. */
  @Test
  void computationAndRemovalOfAKey_areOneAfterTheOther() {
    cache.clear();
    computations(map)
        .forEach(
            computation -> {
              map.put(1L, 10);
              map.remove(9L);
              List<Thread> removers = new ArrayList<>();
              computation.accept(
                  value -> {
                    removers.add(removerThatWaits());
                    return value;
                  });
              removers.forEach(NativeMapTest::join);
              assertThat(removers).hasSize(1);
              assertThat(map).isEmpty();
            });
  }

  /** Starts to remove the keys 1 and 9; returns when the removal waits or is done. */
  private Thread removerThatWaits() {
    Thread remover = new Thread(() -> List.of(1L, 9L).forEach(map::remove));
    remover.start();
    while (remover.isAlive() && remover.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    return remover;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void removalsThroughKeptViews_reachTheCache_alsoAfterAClear() {
    cache.clear();
    for (long key = 1; key <= 9; key++) {
      cache.put(key, key);
    }

    assertThat(keys.remove(1L)).isTrue();
    assertThat(keys.removeAll(List.of(2L))).isTrue();
    assertThat(keys.removeIf(key -> key.equals(3L))).isTrue();
    assertThat(values.remove(4L)).isTrue();
    assertThat(values.removeIf(value -> value.equals(5L))).isTrue();
    assertThat(entries.remove(Map.entry(6L, 0L))).isFalse();
    assertThat(entries.remove(Map.entry(6L, 6L))).isTrue();
    assertThat(entries.retainAll(Set.of(Map.entry(8L, 8L), Map.entry(9L, 9L)))).isTrue();
    assertThat(cache.get(7L)).isNull();
    assertThat(present(1L, 2L, 3L, 4L, 5L, 6L, 8L, 9L)).isEqualTo(Map.of(8L, 8L, 9L, 9L));

    values.clear();
    assertThat(map).isEmpty();
  }

  @Test
  void removalByAnIteratorFromBeforeAClear_removesThePresentEntry() {
    Iterator<Object> iterator = values.iterator();
    assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
    Object key = iterator.next().equals(10) ? 1L : 2L;

    cache.clear();
    cache.put(key, 99);
    iterator.remove();

    assertThat(cache.get(key)).isNull();
    assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void entryFromBeforeAClear_writesToThePresentEntries() {
    Map.Entry<Object, Object> kept = entries.iterator().next();

    cache.clear();
    kept.setValue(99);

    assertThat(present(kept.getKey())).isEqualTo(Map.of(kept.getKey(), 99));
    assertThat(kept.getValue()).isEqualTo(99);
  }

  @Test
  void nativeCache_hasOneMap() {
    cache.clear();

    assertThat(cache.getNativeCache().asMap()).isSameAs(map);
    assertThat(map.keySet()).isSameAs(keys);
  }

  private Map<Object, Object> present(Object... expected) {
    Map<Object, Object> found = new HashMap<>();
    for (Object key : expected) {
      var value = cache.get(key);
      if (value != null && value.get() != null) {
        found.put(key, value.get());
      }
    }
    return found;
  }
}
