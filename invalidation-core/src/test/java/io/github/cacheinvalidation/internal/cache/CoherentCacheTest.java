package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

@Tag("G6")
class CoherentCacheTest {

  private final TestCaches caches = TestCaches.create();

  private final Cache cache = caches.cache("prices");

  // Reads

  @Test
  void get_ofNothing_isNull() {
    assertThat(cache.get(1L)).isNull();
    assertThat(cache.get(1L, Integer.class)).isNull();
    assertThat(cache.retrieve(1L)).isNull();
  }

  @Test
  void get_ofAValue_returnsItInEveryForm() {
    cache.put(1L, 10);
    assertThat(cache.get(1L)).extracting(ValueWrapper::get).isEqualTo(10);
    assertThat(cache.get(1L, Integer.class)).isEqualTo(10);
    assertThat(cache.get(1L, () -> 99)).isEqualTo(10);
    assertThat(((ValueWrapper) joined(cache.retrieve(1L))).get()).isEqualTo(10);
    assertThat(cache.retrieve(1L, () -> CompletableFuture.completedFuture(99)).join())
        .isEqualTo(10);
  }

  @Test
  void get_ofANullValue_tellsItFromNothing() {
    cache.put(1L, null);
    assertThat(cache.get(1L)).isNotNull().extracting(ValueWrapper::get).isNull();
    assertThat(cache.get(1L, Integer.class)).isNull();
    assertThat((Object) cache.get(1L, () -> 99)).isNull();
    assertThat(joined(cache.retrieve(1L))).isInstanceOf(ValueWrapper.class);
    assertThat(cache.retrieve(1L, () -> CompletableFuture.completedFuture(99)).join()).isNull();
  }

  @Test
  void get_ofAnotherType_fails() {
    cache.put(1L, 10);
    assertThatIllegalStateException().isThrownBy(() -> cache.get(1L, String.class));
  }

  @Test
  void loads_areStoredAndNotPublished() {
    cache.get(1L, () -> 10);
    cache.retrieve(2L, () -> CompletableFuture.completedFuture(20)).join();
    cache.get(3L, () -> null);
    assertThat(cache.get(1L, Integer.class)).isEqualTo(10);
    assertThat(cache.get(2L, Integer.class)).isEqualTo(20);
    assertThat(cache.get(3L)).isNotNull();
    assertThat(caches.published()).isEmpty();
  }

  @Test
  void loaderThatFails_failsItsCallerWithTheVeryCause() {
    Exception failure = new Exception("injected");
    assertThatThrownBy(
            () ->
                cache.get(
                    1L,
                    () -> {
                      throw failure;
                    }))
        .isInstanceOf(Cache.ValueRetrievalException.class)
        .cause()
        .isSameAs(failure);
    assertThat(cache.get(1L, () -> 10)).isEqualTo(10);
  }

  @Test
  void loaderThatEndsWithAnError_failsItsCallerWithIt() {
    Error error = new StackOverflowError();
    assertThatThrownBy(
            () ->
                cache.get(
                    1L,
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
  }

  @Test
  void futureThatFails_failsItsCallerWithTheVeryException() {
    RuntimeException failure = new IllegalStateException("injected");
    CompletableFuture<Object> retrieved =
        cache.retrieve(1L, () -> CompletableFuture.failedFuture(failure));
    assertThatThrownBy(retrieved::get).cause().isSameAs(failure);
    assertThatThrownBy(
            () ->
                cache.retrieve(
                    1L,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(cache.retrieve(1L, () -> CompletableFuture.completedFuture(10)).join())
        .isEqualTo(10);
  }

  // Writes

  @Test
  void put_isPublishedWhetherOrNotTheKeyIsPresent() {
    cache.put(1L, 10);
    cache.put(1L, 11);
    cache.put("text", null);
    assertThat(caches.published()).containsExactly("{\"prices\":[1,\"text\"]}");
  }

  @Tag("G6.9")
  @Test
  void evict_isPublishedWhetherOrNotTheKeyIsPresent() {
    cache.get(1L, () -> 10);
    cache.evict(1L);
    cache.evict(2L);
    assertThat(cache.get(1L)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Test
  void evictIfPresent_saysWhetherItWas_andIsPublishedEitherWay() {
    cache.get(1L, () -> 10);
    assertThat(cache.evictIfPresent(1L)).isTrue();
    assertThat(cache.evictIfPresent(2L)).isFalse();
    assertThat(caches.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Test
  void putIfAbsent_storesAndPublishesOnlyAbsentKeys() {
    assertThat(cache.putIfAbsent(1L, 10)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":[1]}");
    assertThat(cache.putIfAbsent(1L, 11)).extracting(ValueWrapper::get).isEqualTo(10);
    assertThat(caches.published()).isEmpty();
    cache.put(2L, null);
    assertThat(cache.putIfAbsent(2L, 20)).isNotNull().extracting(ValueWrapper::get).isNull();
  }

  @Test
  void clear_emptiesAndIsPublished() {
    cache.get(1L, () -> 10);
    cache.clear();
    assertThat(cache.get(1L)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
    assertThat(caches.observer().newCacheEvents()).containsExactly("cleared prices REQUESTED");
  }

  @Test
  void invalidate_saysWhetherThereWasAnything_andIsPublishedEitherWay() {
    cache.get(1L, () -> 10);
    assertThat(cache.invalidate()).isTrue();
    assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
    assertThat(cache.invalidate()).isFalse();
    assertThat(caches.published()).containsExactly("{\"prices\":\"*\"}");
  }

  @Test
  void evictAll_travelsInOneMessage() {
    cache.get(2L, () -> 20);
    caches.manager().invalidator().evictAll("prices", List.of(1L, 2L, 3L));
    assertThat(cache.get(2L)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":[1,2,3]}");
  }

  @Test
  void localOnlyCache_publishesNothing_andListensToNothing() {
    Cache local = caches.cache("local");
    local.put(1L, 10);
    local.evict(2L);
    local.evictIfPresent(2L);
    local.putIfAbsent(3L, 30);
    caches.manager().invalidator().evictAll("local", List.of(4L));
    caches.receive("{\"cache\":\"local\",\"key\":1}");
    caches.receive("{\"cache\":\"local\"}");
    caches.receive("{\"cache\":\"*\"}");
    caches.receive("{\"key\":\"local:1\"}");
    assertThat(local.get(1L, Integer.class)).isEqualTo(10);
    local.clear();
    local.invalidate();
    assertThat(caches.published()).isEmpty();
  }

  @Test
  void putThatCannotBeStored_leavesNothingOldHere_andIsPublished() {
    TestCaches picky =
        TestCaches.of(
            Caffeine.newBuilder()
                .maximumWeight(100)
                .weigher((key, value) -> ((Integer) value).intValue()),
            (clock, outbox) -> Transactions.none());
    picky.cache("prices").put(1L, 10);
    picky.published();
    assertThat(catchThrowable(() -> picky.cache("prices").put(1L, "not to be weighed")))
        .isInstanceOf(ClassCastException.class);
    assertThat(picky.cache("prices").get(1L)).isNull();
    assertThat(picky.published()).containsExactly("{\"prices\":[1]}");
  }

  private static Object joined(@org.jspecify.annotations.Nullable CompletableFuture<?> future) {
    assertThat(future).isNotNull();
    return java.util.Objects.requireNonNull(future).join();
  }
}
