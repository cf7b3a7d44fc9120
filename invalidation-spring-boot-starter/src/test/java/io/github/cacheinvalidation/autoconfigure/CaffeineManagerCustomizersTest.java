package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfigurationTest.maximumSize;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.CacheInvalidator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What customizers of Spring's Caffeine cache manager set is applied to the caches of the node. */
class CaffeineManagerCustomizersTest {

  @Test
  void fixedNames_areTheOnlyCaches() {
    customized(manager -> manager.setCacheNames(List.of("a", "b")))
        .withPropertyValues("spring.cache.cache-names=c")
        .run(
            context -> {
              CacheManager caches = context.getBean(CacheManager.class);
              assertThat(caches.getCacheNames()).containsExactly("a", "b");
              assertThat(caches.getCache("c")).isNull();
            });
  }

  @Test
  void noFixedNames_allowAnyCache() {
    customized(manager -> manager.setCacheNames(null))
        .withPropertyValues("spring.cache.cache-names=c")
        .run(
            context -> assertThat(context.getBean(CacheManager.class).getCache("any")).isNotNull());
  }

  @Test
  void configurationOfCaches_winsOverTheProperty_asInSpringBoot() {
    for (Consumer<CaffeineCacheManager> customizer :
        List.<Consumer<CaffeineCacheManager>>of(
            manager -> manager.setCaffeine(Caffeine.newBuilder().maximumSize(21)),
            manager -> manager.setCaffeineSpec(CaffeineSpec.parse("maximumSize=21")),
            manager -> manager.setCacheSpecification("maximumSize=21"))) {
      customized(customizer)
          .withPropertyValues(
              "spring.cache.caffeine.spec=maximumSize=1",
              "invalidation.caches.own.spec=maximumSize=22")
          .run(
              context -> {
                assertThat(maximumSize(context, "any")).isEqualTo(21);
                assertThat(maximumSize(context, "own")).isEqualTo(22);
              });
    }
  }

  @Test
  void nullValues_areRefusedIfTheCustomizerForbidsThem() {
    customized(manager -> manager.setAllowNullValues(false))
        .withBean(Watch.class)
        .run(
            context -> {
              var products = cache(context, "products");
              products.put(1, "old");
              assertThatThrownBy(() -> products.put(1, null))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("null");
              assertThat(products.get(1)).as("the value before the refused change").isNull();
              Watch.patiently().until(() -> Watch.of(context).published.get() == 2);
              assertThatThrownBy(() -> products.get(2, () -> null))
                  .hasRootCauseInstanceOf(IllegalArgumentException.class);
              assertThat(products.get(3, () -> "loaded")).isEqualTo("loaded");
            });
  }

  @Test
  void customCache_staysAsItIs_andIsSaidToBeLocal() {
    Cache<Object, Object> own = Caffeine.newBuilder().maximumSize(23).build();
    try (Logged logged = new Logged()) {
      customized(manager -> manager.registerCustomCache("own", own))
          .withBean(Watch.class)
          .withPropertyValues("spring.cache.caffeine.spec=maximumSize=9")
          .run(
              context -> {
                CaffeineCache cache = (CaffeineCache) cache(context, "own");
                assertThat(cache.getNativeCache()).isSameAs(own);
                assertThat(context.getBean(CacheManager.class).getCacheNames())
                    .containsExactly("own");
                own.put(1, "a");
                own.put(2, "b");
                own.put(3, "c");
                context.getBean(CacheInvalidator.class).evict("own", 1);
                context.getBean(CacheInvalidator.class).evictAll("own", List.of(2));
                assertThat(own.asMap()).containsOnlyKeys(3);
                context.getBean(CacheInvalidator.class).clear("own");
                assertThat(own.asMap()).isEmpty();
                cache(context, "other").evict(1);
                Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
                assertThat(Watch.of(context).published).hasValue(1);
              });
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "The caches [own] are those that a CacheManagerCustomizer has registered",
              "invalidation.caches.own.caffeine");
    }
  }

  @Test
  void removedCustomCache_isNone() {
    customized(
            manager -> {
              manager.registerCustomCache("own", Caffeine.newBuilder().buildAsync());
              manager.removeCache("own");
            })
        .run(context -> assertThat(context.getBean(CacheManager.class).getCacheNames()).isEmpty());
  }

  @Test
  void callsWithoutEffect_areOneWarning() {
    AsyncCacheLoader<Object, Object> asynchronous =
        (key, executor) -> CompletableFuture.completedFuture(key);
    try (Logged logged = new Logged()) {
      customized(
              manager -> {
                manager.setAsyncCacheMode(true);
                manager.setCacheLoader(key -> key);
                manager.setAsyncCacheLoader(asynchronous);
                manager.getCache("any");
              })
          .run(
              context -> assertThat(context.getBean(CacheManager.class).getCacheNames()).isEmpty());
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains("Calls of [getCache, setAsyncCacheLoader, setAsyncCacheMode, setCacheLoader]");
    }
  }

  @Test
  void unusableConfiguration_stopsTheStart() {
    customized(manager -> manager.setCacheSpecification("refreshAfterWrite=1m"))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("refreshAfterWrite needs a loader"));
  }

  private static ApplicationContextRunner customized(Consumer<CaffeineCacheManager> customizer) {
    return Applications.local()
        .withBean(Choice.class, () -> new Choice(customizer))
        .withUserConfiguration(Customized.class);
  }

  private static org.springframework.cache.Cache cache(ApplicationContext context, String name) {
    return requireNonNull(context.getBean(CacheManager.class).getCache(name));
  }

  record Choice(Consumer<CaffeineCacheManager> customizer) {}

  @Configuration(proxyBeanMethods = false)
  static class Customized {

    @Bean
    CacheManagerCustomizer<CaffeineCacheManager> customizer(Choice choice) {
      return choice.customizer()::accept;
    }
  }
}
