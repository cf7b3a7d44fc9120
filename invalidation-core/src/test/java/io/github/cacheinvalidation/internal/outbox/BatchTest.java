package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several invalidations become one batch. */
class BatchTest {

  private static final Set<Object> WHOLE = Set.of("whole");

  private final Batch batch = new Batch();

  /** Returns the keys of each cache, or that the whole of the cache is stale. */
  private static Map<String, Set<Object>> contents(Batch batch) {
    Map<String, Set<Object>> contents = new TreeMap<>();
    for (Invalidation.OfCache<Object> each : batch.contents()) {
      Set<Object> keys =
          each instanceof Invalidation.Keys<Object> some ? new TreeSet<>(some.keys()) : WHOLE;
      assertThat(contents.put(each.cache(), keys)).as("each cache appears once").isNull();
    }
    return contents;
  }

  private void assertContains(int keys, int wholes, Map<String, Set<Object>> caches) {
    assertThat(contents(batch)).isEqualTo(caches);
    assertThat(batch.keyCount()).isEqualTo(keys);
    assertThat(batch.wholeCount()).isEqualTo(wholes);
  }

  @Test
  void keys_areUnited_andEachCountsOnce() {
    batch.add("a", 1);
    batch.add("a", 1);
    batch.add("a", 2);
    batch.add("b", 1);

    assertContains(3, 0, Map.of("a", Set.of(1, 2), "b", Set.of(1)));
  }

  @Test
  void wholeCache_absorbsTheKeysBeforeAndAfter_andThoseOfNoOtherCache() {
    batch.add("a", 1);
    batch.add("b", 1);
    batch.addWhole("a");
    batch.addWhole("a");
    batch.add("a", 2);

    assertContains(1, 1, Map.of("a", WHOLE, "b", Set.of(1)));
    assertThat(batch.isWhole("a")).isTrue();
    assertThat(batch.isWhole("b")).isFalse();
  }

  @Test
  void brokenKey_isTheWholeCache() {
    batch.add("a", 1);

    assertThat(batch.add("a", new Broken())).isFalse();
    assertContains(0, 1, Map.of("a", WHOLE));
  }

  private record Broken() {

    @Override
    public int hashCode() {
      throw new IllegalStateException("Injected");
    }
  }

  @Test
  void addAllOfABatch_equalsAddingEachOfItsKeysAndCaches() {
    Batch other = new Batch();
    other.add("a", 2);
    other.addWhole("b");
    other.add("c", 1);
    batch.add("a", 1);
    batch.add("b", 1);
    batch.addWhole("c");

    batch.addAll(other);

    assertContains(2, 2, Map.of("a", Set.of(1, 2), "b", WHOLE, "c", WHOLE));
    assertThat(contents(other)).isEqualTo(Map.of("a", Set.of(2), "b", WHOLE, "c", Set.of(1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyOrderAndAnyGrouping_makesTheSameBatch(long seed) {
    Random random = new Random(seed);
    List<Invalidation.OfCache<Object>> parts =
        random
            .ints(40, 0, 30)
            .<Invalidation.OfCache<Object>>mapToObj(
                i ->
                    i == 0 ? new Invalidation.Whole<>("c0") : Invalidation.keys("c" + i % 3, i / 3))
            .toList();
    Map<String, Set<Object>> expected = new TreeMap<>();
    for (Invalidation.OfCache<Object> each : parts) {
      if (each instanceof Invalidation.Keys<Object> some) {
        expected.computeIfAbsent(each.cache(), name -> new TreeSet<>()).addAll(some.keys());
      }
    }
    boolean whole = parts.contains(new Invalidation.Whole<>("c0"));
    if (whole) {
      expected.put("c0", WHOLE);
    }
    int keys = expected.values().stream().mapToInt(Set::size).sum() - (whole ? 1 : 0);
    List<Invalidation.OfCache<Object>> shuffled = new ArrayList<>(parts);
    Collections.shuffle(shuffled, random);
    Batch other = new Batch();

    addAll(batch, shuffled.subList(0, 20));
    addAll(other, shuffled.subList(20, 40));
    batch.addAll(other);

    assertContains(keys, whole ? 1 : 0, expected);
  }

  private static void addAll(Batch target, List<Invalidation.OfCache<Object>> parts) {
    for (Invalidation.OfCache<Object> each : parts) {
      if (each instanceof Invalidation.Keys<Object> some) {
        some.keys().forEach(key -> target.add(each.cache(), key));
      } else {
        target.addWhole(each.cache());
      }
    }
  }
}
