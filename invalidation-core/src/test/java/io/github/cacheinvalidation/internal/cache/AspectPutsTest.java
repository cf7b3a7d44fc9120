package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.cache.ViewResolverTest.Prices;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.interceptor.SimpleTraceInterceptor;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Cache aspects that call the caches past the views. */
@Tag("G6")
class AspectPutsTest {

  private final TestCaches caches = TestCaches.create();

  private AnnotationConfigApplicationContext over(CacheManager manager) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(CacheManager.class, () -> manager);
    context.register(PlainCaching.class, Prices.class);
    context.refresh();
    return context;
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContaining("cannot tell whether this put is the result of @Cacheable")
        .hasMessageContaining("declare the aspect as a bean of the context")
        .hasMessageContainingAll(parts);
  }

  private @Nullable Object cached(String cache, Object key) {
    var wrapper = caches.cache(cache).get(key);
    return wrapper == null ? null : wrapper.get();
  }

  @Tag("G6.6")
  @Test
  void putsOfAnAspect_areRefusedAndNotPublished() {
    try (var context = over(caches.manager())) {
      Prices prices = context.getBean(Prices.class);
      assertRefused(
          () -> prices.plain(1), "Cache 'plain'", "(method " + Prices.class.getName() + ".plain)");
      assertRefused(() -> prices.change(1, 11), "Cache 'plain'", "Prices.change)");
      assertRefused(() -> prices.future(1).join(), "Cache 'future'");
      assertRefused(() -> prices.mono(1).block(), "Cache 'mono'");
      assertRefused(() -> prices.flux(1).blockLast(), "Cache 'flux'");
      assertThat(cached("plain", 1L)).isNull();
      assertThat(caches.published()).isEmpty();
    }
  }

  @Test
  void putsThroughADecoratorThatHidesItsCache_areRefused() {
    for (CacheManager hiding :
        new CacheManager[] {
          new Decorated(caches.manager(), Decorated.Hiding::new),
          new Decorated(caches.manager(), AspectPutsTest::advised)
        }) {
      try (var plain = over(hiding)) {
        assertRefused(() -> plain.getBean(Prices.class).plain(1), "Cache 'plain'");
      }
    }
    Decorated hiding = new Decorated(caches.manager(), Decorated.Hiding::new);
    try (var views = ViewResolverTest.context(hiding)) {
      assertRefused(() -> views.getBean(Prices.class).plain(1), "Cache 'plain'");
    }
    assertThat(caches.published()).isEmpty();
  }

  private static Cache advised(Cache cache) {
    ProxyFactory factory = new ProxyFactory(Cache.class, new SimpleTraceInterceptor());
    factory.setTarget(cache);
    return (Cache) factory.getProxy();
  }

  @Test
  void operationsThatNeedNoViews_workWithoutViews() {
    try (var context = over(caches.manager())) {
      Prices prices = context.getBean(Prices.class);
      assertThat(prices.sync(1)).isEqualTo(10);
      assertThat(prices.syncFuture(1).join()).isEqualTo(10);
      assertThat(prices.syncMono(1).block()).isEqualTo(10);
      assertThat(cached("sync", 1L)).isEqualTo(10);
      assertThat(caches.published()).isEmpty();
      prices.evict(1);
      assertThat(caches.published()).containsExactly("{\"plain\":[1]}");
    }
  }

  @Test
  void putByHandWithinAnAnnotatedMethod_isAWrite() {
    try (var context = over(caches.manager())) {
      Prices prices = context.getBean(Prices.class);
      prices.meanwhile(() -> caches.cache("plain").put(7L, 77));
      prices.sync(1);
      assertThat(caches.published()).containsExactly("{\"plain\":[7]}");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class PlainCaching {}
}
