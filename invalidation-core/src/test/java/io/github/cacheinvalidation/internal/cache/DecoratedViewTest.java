package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.ViewResolverTest.Prices;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.Cache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;

/** Spring's own proxies over caches that the application has decorated. */
@Tag("G6")
class DecoratedViewTest {

  private final TestCaches caches = TestCaches.create();

  /** The ways in which applications decorate. */
  enum Decoration {
    BY_A_CLASS,
    BY_A_PROXY,
    TWICE,
    TRANSACTION_AWARE;

    private Decorated of(TestCaches caches) {
      return new Decorated(caches.manager(), this::decorated);
    }

    private Cache decorated(Cache cache) {
      return switch (this) {
        case BY_A_CLASS -> new Decorated.Prefixing(cache);
        case BY_A_PROXY -> Decorated.proxy(cache);
        case TWICE -> Decorated.proxy(new Decorated.Prefixing(cache));
        case TRANSACTION_AWARE -> new TransactionAwareCacheDecorator(Decorated.proxy(cache));
      };
    }
  }

  @Tag("G6.7")
  @ParameterizedTest
  @EnumSource
  void reads_areStoredAndNeverPublished(Decoration decoration) {
    try (var context = ViewResolverTest.context(decoration.of(caches))) {
      Prices prices = context.getBean(Prices.class);
      for (int round = 0; round < 2; round++) {
        assertThat(prices.plain(1)).isEqualTo(10);
        assertThat(prices.sync(1)).isEqualTo(10);
        assertThat(prices.future(1).join()).isEqualTo(10);
        assertThat(prices.syncFuture(1).join()).isEqualTo(10);
        assertThat(prices.mono(1).block()).isEqualTo(10);
        assertThat(prices.syncMono(1).block()).isEqualTo(10);
        assertThat(prices.flux(1).collectList().block()).containsExactly(10, 10);
        assertThat(prices.nothing(1)).isNull();
      }
      assertThat(prices.loads())
          .allSatisfy((kind, count) -> assertThat(count).as(kind).hasValue(1));
      assertThat(prices.loads()).hasSize(8);
      assertThat(caches.published()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void writes_arePublished(Decoration decoration) {
    Cache cache = Objects.requireNonNull(decoration.of(caches).getCache("plain"));
    try (var context = ViewResolverTest.context(decoration.of(caches))) {
      Prices prices = context.getBean(Prices.class);
      prices.change(1, 11);
      assertThat(cache.get(1L)).extracting(Cache.ValueWrapper::get).isEqualTo(11);
      assertThat(caches.published()).singleElement().asString().containsPattern("1\"?]");
      prices.evict(1);
      assertThat(cache.get(1L)).isNull();
      assertThat(caches.published()).singleElement().asString().containsPattern("1\"?]");
      cache.put(2L, 12);
      assertThat(caches.published()).singleElement().asString().containsPattern("2\"?]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void resultOfAMethodDuringWhichItsKeyWasEvicted_isNotStored(Decoration decoration) {
    Cache cache = Objects.requireNonNull(decoration.of(caches).getCache("plain"));
    try (var context = ViewResolverTest.context(decoration.of(caches))) {
      Prices prices = context.getBean(Prices.class);
      prices.meanwhile(() -> cache.evict(1L));
      assertThat(prices.plain(1)).isEqualTo(10);
      assertThat(cache.get(1L)).isNull();
      prices.change(1, 11);
      assertThat(cache.get(1L)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void evictionBeforeInvocation_ofTheKeyThatIsLoaded_doesNotKeepItOut(Decoration decoration) {
    Cache cache = Objects.requireNonNull(decoration.of(caches).getCache("plain"));
    try (var context = ViewResolverTest.context(decoration.of(caches))) {
      assertThat(context.getBean(Prices.class).refreshed(1)).isEqualTo(10);
      assertThat(cache.get(1L)).extracting(Cache.ValueWrapper::get).isEqualTo(10);
    }
  }

  @Test
  void putByHandInALoader_isAWrite() {
    Decorated decorated = Decoration.BY_A_CLASS.of(caches);
    try (var context = ViewResolverTest.context(decorated)) {
      Prices prices = context.getBean(Prices.class);
      prices.meanwhile(() -> caches.cache("sync").put(7L, 77));
      prices.sync(1);
      assertThat(caches.published()).containsExactly("{\"sync\":[7]}");
      prices.meanwhile(() -> caches.cache("syncFuture").put(7L, 77));
      prices.syncFuture(1).join();
      assertThat(caches.published()).containsExactly("{\"syncFuture\":[7]}");
    }
  }
}
