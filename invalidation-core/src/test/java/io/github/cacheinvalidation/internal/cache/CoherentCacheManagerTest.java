package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.cacheinvalidation.CacheInvalidator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

class CoherentCacheManagerTest {

  private static final Duration BOUND = Duration.ofSeconds(10);

  @Test
  void anyName_isACache_madeWhenFirstAskedFor() {
    CoherentCacheManager manager = TestCaches.create().manager();
    assertThat(manager.getCacheNames()).isEmpty();
    Cache made = manager.getCache("b");
    assertThat(made).isInstanceOf(CaffeineCache.class);
    assertThat(manager.getCache("b")).isSameAs(made);
    assertThat(manager.getCache("a")).isNotNull();
    assertThat(manager.getCacheNames()).containsExactly("a", "b");
  }

  @Test
  void fixedNames_areTheOnlyCaches() {
    CoherentCacheManager manager = fixed("a", "b").manager();
    assertThat(manager.getCacheNames()).containsExactly("a", "b");
    assertThat(manager.getCache("a")).isNotNull();
    assertThat(manager.getCache("c")).isNull();
  }

  @Test
  void invalidator_namesTheCachesThereAre_whereThereIsNoSuchCache() {
    CacheInvalidator invalidator = fixed("a", "b").manager().invalidator();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> invalidator.evict("c", 1L))
        .withMessageContainingAll("'c'", "[a, b]", "spring.cache.cache-names");
    assertThatIllegalArgumentException().isThrownBy(() -> invalidator.clear("c"));
    assertThatIllegalArgumentException().isThrownBy(() -> invalidator.evictAll("c", List.of(1L)));
  }

  @Test
  void invalidator_evictsAndClears() {
    TestCaches caches = TestCaches.create();
    CacheInvalidator invalidator = caches.manager().invalidator();
    caches.cache("a").put(1L, 10);
    caches.cache("b").put(1L, 10);
    invalidator.evict("a", 1L);
    invalidator.clear("b");
    assertThat(caches.cache("a").get(1L)).isNull();
    assertThat(caches.cache("b").get(1L)).isNull();
    assertThat(caches.published()).containsExactly("{\"a\":[1],\"b\":\"*\"}");
  }

  @Tag("G7.10")
  @ParameterizedTest
  @MethodSource("namesThatNoMessageCarries")
  void nameThatNoMessageCarries_isRefusedWithTheReason(String name, String reason) {
    CoherentCacheManager dynamic = TestCaches.create().manager();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> dynamic.getCache(name))
        .withMessageContainingAll(reason, "rename the cache");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> dynamic.invalidator().clear(name))
        .withMessageContaining(reason);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixed("a", name))
        .withMessageContaining(reason);
    assertThat(dynamic.getCacheNames()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("namesThatNoMessageCarries")
  void localCache_mayHaveAnyName(String name, String reason) {
    TestCaches caches = TestCaches.of(any -> CacheSettings.ofSpec("", BOUND, true), name);
    caches.cache(name).put(1L, 10);

    assertThat(caches.cache(name).get(1L)).isNotNull();
    assertThat(caches.published()).isEmpty();
  }

  static Stream<Arguments> namesThatNoMessageCarries() {
    return Stream.of(
        arguments("n".repeat(10_001), "'" + "n".repeat(50) + "...', which has 10001 characters"),
        arguments("a\ud800", "'a?', which has half of a surrogate pair"),
        arguments("\udc00\n", "'??', which has half of a surrogate pair"));
  }

  @Test
  void resetCaches_emptiesTheCachesOfThisNode_andPublishesNothing() {
    TestCaches caches = TestCaches.create();
    for (String name : List.of("a", "b", "local")) {
      caches.cache(name).put(1L, 10);
    }
    assertThat(caches.published()).isNotEmpty();

    caches.manager().resetCaches();

    for (String name : List.of("a", "b", "local")) {
      assertThat(caches.cache(name).get(1L)).isNull();
    }
    assertThat(caches.published()).isEmpty();
    assertThat(caches.manager().getCacheNames()).containsExactly("a", "b", "local");
  }

  @Test
  void resetCaches_ofFixedNames_keepsThem() {
    CoherentCacheManager manager = fixed("a", "b").manager();
    Cache a = manager.getCache("a");
    manager.resetCaches();
    assertThat(manager.getCache("a")).isSameAs(a);
    assertThat(manager.getCacheNames()).containsExactly("a", "b");
  }

  @Test
  void loadThatBeganBeforeAReset_isNotStored() {
    TestCaches caches = TestCaches.create();
    Object value =
        caches
            .cache("a")
            .get(
                1L,
                () -> {
                  caches.manager().resetCaches();
                  return 10;
                });
    assertThat(value).isEqualTo(10);
    assertThat(caches.cache("a").get(1L)).isNull();
  }

  @Test
  void creationListener_hearsOfEachCacheOnce() {
    CoherentCacheManager manager = TestCaches.create().manager();
    List<String> made = new ArrayList<>();
    manager.onCreation(cache -> made.add(cache.getName()));
    manager.getCache("a");
    manager.getCache("a");
    manager.getCache("b");
    assertThat(made).containsExactly("a", "b");
  }

  @Test
  void specification_isThatOfTheCache() {
    TestCaches caches =
        TestCaches.of(name -> CacheSettings.ofSpec("maximumSize=7", BOUND, false), "a");
    assertThat(caches.coherent("a").getNativeCache().policy().eviction())
        .hasValueSatisfying(eviction -> assertThat(eviction.getMaximum()).isEqualTo(7));
  }

  @Test
  void specification_thatCannotBeParsed_orAsksForAnUnsupportedFeature_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CacheSettings.ofSpec("maximumSise=7", BOUND, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CacheSettings.ofSpec("weakKeys", BOUND, false))
        .withMessageContaining("remove weakKeys");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CacheSettings.ofSpec("refreshAfterWrite=1m", BOUND, false))
        .withMessageContaining("use expireAfterWrite");
  }

  @Test
  void settingsWithoutSizeLimitAndLifetime_areUnlimited() {
    assertThat(CacheSettings.ofSpec("", BOUND, false).isUnlimited()).isTrue();
    assertThat(CacheSettings.ofSpec("recordStats,initialCapacity=9", BOUND, true).isUnlimited())
        .isTrue();
    assertThat(
            settings(
                    Caffeine.newBuilder()
                        .removalListener((key, value, cause) -> {})
                        .evictionListener((key, value, cause) -> {}))
                .isUnlimited())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maximumSize=7",
        "maximumSize=0",
        "expireAfterWrite=1h",
        "expireAfterAccess=1h",
        "weakValues",
        "softValues"
      })
  void specificationWithOneLimit_isLimited(String spec) {
    assertThat(CacheSettings.ofSpec(spec, BOUND, false).isUnlimited()).isFalse();
  }

  @Test
  void builderWithWeigherOrExpiry_isLimited() {
    assertThat(
            settings(Caffeine.newBuilder().maximumWeight(9).weigher((key, value) -> 1))
                .isUnlimited())
        .isFalse();
    assertThat(
            settings(Caffeine.newBuilder().expireAfter(Expiry.writing((key, value) -> BOUND)))
                .isUnlimited())
        .isFalse();
  }

  private static CacheSettings settings(Caffeine<Object, Object> builder) {
    return new CacheSettings(() -> builder, BOUND, false);
  }

  @Test
  void bound_thatIsNotPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CacheSettings.ofSpec("", Duration.ZERO, false))
        .withMessageContainingAll("maxStaleness", "PT0S");
  }

  @Test
  void builder_thatCaffeineRefuses_isRefusedWithTheNameAndTheRemedy() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TestCaches.of(
                    name ->
                        new CacheSettings(
                            () -> Caffeine.newBuilder().refreshAfterWrite(BOUND), BOUND, false),
                    "a"))
        .withMessageContainingAll("'a'", "invalidation.caches.a.spec");
  }

  @Test
  void builderWithWeakKeys_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TestCaches.of(
                    name -> new CacheSettings(() -> Caffeine.newBuilder().weakKeys(), BOUND, false),
                    "a"))
        .withMessageContainingAll("'a'", "weakKeys");
  }

  private static TestCaches fixed(String... names) {
    return TestCaches.of(name -> CacheSettings.ofSpec("", BOUND, false), names);
  }
}
