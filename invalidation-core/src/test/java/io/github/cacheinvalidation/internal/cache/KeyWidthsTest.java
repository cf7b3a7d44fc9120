package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleKey;

/** A key means the same on the writing node and on every other node. */
@Tag("G7")
class KeyWidthsTest {

  private final TestCaches caches = TestCaches.create();

  private final Cache cache = caches.cache("prices");

  private final CacheInvalidator invalidator = caches.manager().invalidator();

  record Any(@Nullable Object value) {}

  record Counting(@Nullable Object value) {

    private static final AtomicInteger made = new AtomicInteger();

    Counting {
      made.incrementAndGet();
    }
  }

  static Stream<Arguments> widths() {
    return Stream.of(
        arguments(7, 7L),
        arguments(-7, -7L),
        arguments(7L, 7),
        arguments((short) 7, BigInteger.valueOf(7)),
        arguments(1.5f, 1.5),
        arguments(new SimpleKey(-7, "a"), new SimpleKey(-7L, "a")),
        arguments(new SimpleKey(-7, null), new SimpleKey(-7L, null)),
        arguments(List.of(-7, -8), List.of(-7L, -8L)),
        arguments(new Any(-7), new Any(-7L)),
        arguments(Set.of(-7), Set.of(-7L)),
        arguments(Map.of("a", -7), Map.of("a", -7L)),
        arguments(OptionalInt.of(-7), Optional.of(-7L)),
        arguments(new SimpleKey((Object) new int[] {-7}), new SimpleKey((Object) new long[] {-7})),
        arguments(new SimpleKey(List.of(new Any(-7))), new SimpleKey(List.of(new Any(-7L)))));
  }

  @Tag("G7.8")
  @ParameterizedTest
  @MethodSource("widths")
  void eviction_ofAnotherWidth_evictsHereToo(Object written, Object used) {
    List<Runnable> evictions =
        List.of(
            () -> invalidator.evict("prices", written),
            () -> invalidator.evictAll("prices", List.of(written)),
            () -> cache.evict(written),
            () -> assertThat(cache.evictIfPresent(written)).isTrue());
    for (Runnable eviction : evictions) {
      cache.put(used, 10);
      caches.published();

      eviction.run();

      assertThat(cache.get(used)).isNull();
      assertThat(caches.published()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void widthsThatAreBothUsed_areEvictedTogether(Object one, Object other) {
    cache.put(one, 10);
    cache.get(other, () -> 10);

    cache.evict(other);

    assertThat(cache.get(one)).isNull();
    assertThat(cache.get(other)).isNull();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void put_ofAnotherWidth_leavesNoOldValueUnderTheWidthUsed(Object written, Object used) {
    cache.put(used, "old");
    cache.put(written, "new");
    assertThat(cache.get(used)).isNull();
    assertThat(cache.get(written, String.class)).isEqualTo("new");

    cache.evict(written);
    cache.put(used, "old");
    cache.putIfAbsent(written, "new");
    assertThat(cache.get(used)).isNull();
    assertThat(cache.get(written, String.class)).isEqualTo("new");
  }

  @Test
  void otherKeys_stay() {
    cache.put(7L, 10);
    cache.put(8L, 10);
    cache.put("7", 10);
    cache.put(new SimpleKey(7L), 10);

    invalidator.evict("prices", 7);

    assertThat(cache.get(7L)).isNull();
    assertThat(cache.get(8L)).isNotNull();
    assertThat(cache.get("7")).isNotNull();
    assertThat(cache.get(new SimpleKey(7L))).isNotNull();
  }

  @Test
  void numberThatTheWidthUsedCannotHold_evictsNothing() {
    cache.put(7, 10);

    invalidator.evict("prices", (1L << 32) + 7);

    assertThat(cache.get(7)).isNotNull();
  }

  @Test
  void keyThatCannotBeEncoded_isEvictedAsGiven() {
    Object odd = new Object();
    cache.put(odd, 10);
    cache.put(7L, 10);

    invalidator.evict("prices", odd);

    assertThat(cache.get(odd)).isNull();
    assertThat(cache.get(7L)).isNotNull();
  }

  @Test
  void keyWhoseTypeAloneIsUsed_isEvictedWithoutBeingEncoded() {
    Counting key = new Counting("a");
    cache.put(key, 10);
    Counting.made.set(0);

    cache.evict(key);

    assertThat(Counting.made).as("keys made to compare what was encoded").hasValue(0);
  }

  @Test
  void keyOfAForeignMessage_isEvictedInTheWidthUsed() throws Exception {
    for (Object key : List.of(BigInteger.valueOf(7), new SimpleKey(7), List.of(7))) {
      cache.put(7L, 10);
      cache.put(new SimpleKey(7L), 10);
      cache.put(List.of(7L), 10);
      MessageReader reader =
          new MessageReader(List.of(payload -> List.of(Invalidation.keys("prices", key))));

      caches.manager().localCaches().apply(reader.read(new byte[0], true).invalidations());

      Object used =
          key instanceof SimpleKey ? new SimpleKey(7L) : key instanceof List ? List.of(7L) : 7L;
      assertThat(cache.get(used)).as("%s", used).isNull();
    }
  }

  @Test
  @SuppressWarnings("NullAway") // a caller without null checks can do this
  void nullFromACaller_isRefusedWithASentence() {
    caches.cache("names");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invalidator.evict("prices", null))
        .withMessageContainingAll("key of cache 'prices'", "must not be null", "clear");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invalidator.evictAll("prices", Arrays.asList(1L, null)))
        .withMessageContainingAll("key of cache 'prices'", "must not be null");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invalidator.evictAll("prices", null))
        .withMessageContainingAll("'keys'", "'prices'", "empty collection");
    List<Runnable> nameless =
        new ArrayList<>(
            List.of(
                () -> invalidator.evict(null, 1L),
                () -> invalidator.evictAll(null, List.of(1L)),
                () -> invalidator.clear(null)));
    for (Runnable each : nameless) {
      assertThatIllegalArgumentException()
          .isThrownBy(each::run)
          .withMessageContainingAll("'cache' must not be null", "[names, prices]");
    }
  }
}
