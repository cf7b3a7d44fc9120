package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring's own proxies over the views. */
@Tag("G6")
class ViewResolverTest {

  private final TestCaches caches = TestCaches.create();

  private final AnnotationConfigApplicationContext context = context(caches.manager());

  private final Prices prices = context.getBean(Prices.class);

  static AnnotationConfigApplicationContext context(CacheManager manager) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(CacheManager.class, () -> manager);
    context.register(Views.class, Prices.class);
    context.refresh();
    return context;
  }

  @AfterEach
  void close() {
    context.close();
  }

  private @Nullable Object cached(String cache, Object key) {
    var wrapper = caches.cache(cache).get(key);
    return wrapper == null ? null : wrapper.get();
  }

  @Tag("G6.2")
  @Test
  void reads_areStoredAndNeverPublished() {
    for (int round = 0; round < 2; round++) {
      assertThat(prices.plain(1)).isEqualTo(10);
      assertThat(prices.sync(1)).isEqualTo(10);
      assertThat(prices.future(1).join()).isEqualTo(10);
      assertThat(prices.syncFuture(1).join()).isEqualTo(10);
      assertThat(prices.mono(1).block()).isEqualTo(10);
      assertThat(prices.syncMono(1).block()).isEqualTo(10);
      assertThat(prices.flux(1).collectList().block()).containsExactly(10, 10);
      assertThat(prices.optional(1)).contains(10);
      assertThat(prices.optional(9)).isEmpty();
      assertThat(prices.nothing(1)).isNull();
    }
    assertThat(prices.loads()).allSatisfy((kind, count) -> assertThat(count).as(kind).hasValue(1));
    assertThat(prices.loads()).hasSize(10);
    assertThat(caches.published()).isEmpty();
  }

  @Test
  void cachePut_isStoredAndPublished() {
    assertThat(prices.change(1, 11)).isEqualTo(11);
    assertThat(prices.plain(1)).isEqualTo(11);
    assertThat(prices.loads()).isEmpty();
    assertThat(caches.published()).containsExactly("{\"plain\":[1]}");
  }

  @Test
  void cachePut_ofAFutureOrMono_isStoredAndPublishedWhenItSucceeds() {
    assertThat(prices.changeLater(1, 11).join()).isEqualTo(11);
    assertThat(cached("plain", 1L)).isEqualTo(11);
    assertThat(prices.changeReactively(2, 22).block()).isEqualTo(22);
    assertThat(cached("plain", 2L)).isEqualTo(22);
    assertThat(caches.published()).containsExactly("{\"plain\":[1,2]}");
  }

  @Test
  void cacheEvict_isPublished() {
    prices.plain(1);
    prices.evict(1);
    assertThat(cached("plain", 1L)).isNull();
    prices.evictAll();
    prices.evictBefore(2);
    assertThat(caches.published()).containsExactly("{\"plain\":\"*\"}");
  }

  @Test
  void evictionBeforeInvocation_ofTheKeyThatIsLoaded_doesNotKeepItOut() {
    assertThat(prices.refreshed(1)).isEqualTo(10);
    assertThat(cached("plain", 1L)).isEqualTo(10);
    assertThat(caches.published()).containsExactly("{\"plain\":[1]}");
  }

  @Test
  void severalCaches_areAllFilled_andNotPublished() {
    prices.inTwo(1);
    assertThat(cached("first", 1L)).isEqualTo(10);
    assertThat(cached("second", 1L)).isEqualTo(10);
    assertThat(caches.published()).isEmpty();
  }

  @Test
  void severalOperations_publishOnlyTheWrites() {
    prices.everything(1);
    assertThat(cached("first", 1L)).isEqualTo(10);
    assertThat(cached("second", 1L)).isEqualTo(10);
    assertThat(caches.published()).containsExactly("{\"second\":[1],\"plain\":[1]}");
  }

  @Test
  void resultOfAMethodDuringWhichItsKeyWasEvicted_isNotStored() {
    prices.meanwhile(() -> caches.receiveEviction("plain", 1L));
    assertThat(prices.plain(1)).isEqualTo(10);
    assertThat(cached("plain", 1L)).isNull();
    Map<String, Runnable> calls =
        Map.of(
            "sync", () -> prices.sync(1),
            "future", () -> prices.future(1).join(),
            "syncFuture", () -> prices.syncFuture(1).join(),
            "mono", () -> prices.mono(1).block(),
            "syncMono", () -> prices.syncMono(1).block(),
            "flux", () -> prices.flux(1).blockLast());
    calls.forEach(
        (cache, call) -> {
          prices.meanwhile(() -> caches.receiveEviction(cache, 1L));
          call.run();
          assertThat(prices.loads()).containsKey(cache);
          assertThat(cached(cache, 1L)).as(cache).isNull();
        });
  }

  @Test
  void resultOfACachePutDuringWhichItsKeyWasEvicted_isNotStored() {
    prices.plain(1);
    prices.meanwhile(() -> caches.receiveEviction("plain", 1L));
    prices.change(1, 11);
    assertThat(cached("plain", 1L)).isNull();
    assertThat(caches.published()).containsExactly("{\"plain\":[1]}");
  }

  @Test
  void monoSubscribedTwice_countsFromItsAssembly() {
    prices.plain(1);
    Mono<Integer> mono = prices.mono(1);
    assertThat(mono.block()).isEqualTo(10);
    caches.receiveEviction("mono", 1L);
    assertThat(mono.block()).isEqualTo(10);
    assertThat(cached("mono", 1L)).isNull();
    assertThat(prices.mono(1).block()).isEqualTo(10);
    assertThat(cached("mono", 1L)).isEqualTo(10);
  }

  @Test
  void cachesOfOtherKinds_passUnchanged() {
    var other = new org.springframework.cache.concurrent.ConcurrentMapCacheManager("plain");
    try (var plain = context(other)) {
      assertThat(plain.getBean(Prices.class).plain(1)).isEqualTo(10);
      assertThat(Objects.requireNonNull(other.getCache("plain")).get(1L)).isNotNull();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Views implements CachingConfigurer {

    private final CacheManager manager;

    Views(CacheManager manager) {
      this.manager = manager;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(new SimpleCacheResolver(manager));
    }
  }

  static class Prices {

    private final Map<String, AtomicInteger> loads = new ConcurrentHashMap<>();

    private Runnable meanwhile = () -> {};

    Map<String, AtomicInteger> loads() {
      return loads;
    }

    void meanwhile(Runnable action) {
      meanwhile = action;
    }

    private Integer load(String kind) {
      loads.computeIfAbsent(kind, each -> new AtomicInteger()).incrementAndGet();
      meanwhile.run();
      return 10;
    }

    @Cacheable("plain")
    public @Nullable Integer plain(long id) {
      return load("plain");
    }

    @Cacheable(cacheNames = "sync", sync = true)
    public Integer sync(long id) {
      return load("sync");
    }

    @Cacheable("future")
    public CompletableFuture<Integer> future(long id) {
      return CompletableFuture.completedFuture(load("future"));
    }

    @Cacheable(cacheNames = "syncFuture", sync = true)
    public CompletableFuture<Integer> syncFuture(long id) {
      return CompletableFuture.completedFuture(load("syncFuture"));
    }

    @Cacheable("mono")
    public Mono<Integer> mono(long id) {
      return Mono.fromCallable(() -> load("mono"));
    }

    @Cacheable(cacheNames = "syncMono", sync = true)
    public Mono<Integer> syncMono(long id) {
      return Mono.fromCallable(() -> load("syncMono"));
    }

    @Cacheable("flux")
    public Flux<Integer> flux(long id) {
      return Flux.defer(() -> Flux.just(load("flux"), 10));
    }

    @Cacheable("optional")
    public Optional<Integer> optional(long id) {
      return id == 1 ? Optional.of(load("optional")) : none();
    }

    private Optional<Integer> none() {
      Integer ignored = load("none");
      return Optional.empty();
    }

    @Cacheable("nothing")
    public @Nullable Integer nothing(long id) {
      Integer ignored = load("nothing");
      return null;
    }

    @CachePut(cacheNames = "plain", key = "#id")
    public Integer change(long id, int price) {
      meanwhile.run();
      return price;
    }

    @CachePut(cacheNames = "plain", key = "#id")
    public CompletableFuture<Integer> changeLater(long id, int price) {
      return CompletableFuture.completedFuture(price);
    }

    @CachePut(cacheNames = "plain", key = "#id")
    public Mono<Integer> changeReactively(long id, int price) {
      return Mono.just(price);
    }

    @CacheEvict("plain")
    public void evict(long id) {}

    @CacheEvict(cacheNames = "plain", allEntries = true)
    public void evictAll() {}

    @CacheEvict(cacheNames = "plain", beforeInvocation = true)
    public void evictBefore(long id) {}

    @Caching(
        evict = @CacheEvict(cacheNames = "plain", beforeInvocation = true),
        cacheable = @Cacheable("plain"))
    public Integer refreshed(long id) {
      return load("refreshed");
    }

    @Cacheable({"first", "second"})
    public Integer inTwo(long id) {
      return load("inTwo");
    }

    @Caching(
        cacheable = @Cacheable("first"),
        put = @CachePut("second"),
        evict = @CacheEvict("plain"))
    public Integer everything(long id) {
      return load("everything");
    }
  }
}
