package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfigurationTest.maximumSize;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;

/** A Caffeine bean, or a customizer, for one cache. */
class SingleCacheBuildersTest {

  private final ApplicationContextRunner application = Applications.local();

  @Test
  void caffeineBeanByName_buildsItsCacheOnly() {
    application
        .withUserConfiguration(Builders.class)
        .withPropertyValues(
            "invalidation.caches.products.caffeine=small", "invalidation.caches.[a b].caffeine=one")
        .run(
            context -> {
              assertThat(maximumSize(context, "products")).isEqualTo(5);
              assertThat(maximumSize(context, "a b")).isEqualTo(6);
              assertThat(nativeCache(context, "other").policy().eviction()).isEmpty();
            });
  }

  @Test
  void remainingCaffeineBean_buildsAllOtherCaches() {
    application
        .withUserConfiguration(Builders.class)
        .withPropertyValues("invalidation.caches.products.caffeine=small")
        .run(
            context -> {
              assertThat(maximumSize(context, "products")).isEqualTo(5);
              assertThat(maximumSize(context, "other")).isEqualTo(6);
            });
  }

  @Test
  void severalCaffeineBeansForAllCaches_stopTheStartWithTheRemedy() {
    application
        .withUserConfiguration(Builders.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("There are several Caffeine beans for all caches")
                    .hasStackTraceContaining("[small, large]")
                    .hasStackTraceContaining("invalidation.caches.<name>.caffeine"));
  }

  @Test
  void primaryCaffeineBean_buildsAllOtherCaches() {
    application
        .withUserConfiguration(Builders.class, PrimaryBuilder.class)
        .run(context -> assertThat(maximumSize(context, "other")).isEqualTo(7));
  }

  @Test
  void unknownCaffeineBean_stopsTheStartWithTheBeansThatExist() {
    application
        .withUserConfiguration(Builders.class)
        .withPropertyValues(
            "invalidation.caches.products.caffeine=smal", "invalidation.caches.b.caffeine=large")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("invalidation.caches.products.caffeine")
                    .hasStackTraceContaining("the Caffeine beans are [small, large]"));
  }

  @Test
  void caffeineBeanAndSpecOfOneCache_stopTheStart() {
    application
        .withUserConfiguration(Builders.class)
        .withPropertyValues(
            "invalidation.caches.products.caffeine=small",
            "invalidation.caches.products.spec=maximumSize=5")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("invalidation.caches.products.spec is set too"));
  }

  @Test
  void customizer_setsWhatASpecCannotExpress_andAClearKeepsIt() {
    Removals removals = new Removals(new CopyOnWriteArrayList<>());
    application
        .withUserConfiguration(Customizer.class)
        .withBean(Removals.class, () -> removals)
        .withPropertyValues("spring.cache.caffeine.spec=maximumWeight=100")
        .run(
            context -> {
              Cache products = cache(context, "products");
              products.put(1, "value");
              products.clear();
              Watch.patiently().until(() -> removals.keys().contains(1));
              products.put(2, "value");
              nativeCache(context, "products").cleanUp();
              assertThat(nativeCache(context, "products").policy().expireVariably()).isPresent();
              assertThat(nativeCache(context, "products").policy().eviction())
                  .hasValueSatisfying(eviction -> assertThat(eviction.weightedSize()).hasValue(3));
              assertThat(nativeCache(context, "other").policy().expireVariably()).isEmpty();
            });
  }

  @Test
  void customizers_areCalledInTheirOrder() {
    application
        .withUserConfiguration(Ordered.class)
        .run(
            context ->
                assertThatThrownBy(() -> cache(context, "products"))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining(
                        "The CaffeineBuilderCustomizer beans [second, first] cannot be applied to"
                            + " cache 'products': maximum size was already set to 1"));
  }

  @Test
  void customizerThatContradictsTheSpecOfItsCache_stopsTheStart() {
    application
        .withUserConfiguration(Customizer.class)
        .withBean(Removals.class, () -> new Removals(List.of()))
        .withPropertyValues("invalidation.caches.products.spec=expireAfterWrite=1m")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("cannot be applied to cache 'products'"));
  }

  @Test
  void customizersOfASharedBuilder_areNotApplied_andThatIsSaid() {
    try (Logged logged = new Logged()) {
      application
          .withUserConfiguration(Customizer.class, PrimaryBuilder.class)
          .withBean(Removals.class, () -> new Removals(List.of()))
          .run(
              context -> {
                assertThat(maximumSize(context, "products")).isEqualTo(7);
                assertThat(nativeCache(context, "products").policy().expireVariably()).isEmpty();
              });
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "The CaffeineBuilderCustomizer beans [customizer] are not applied to the caches"
                  + " without a spec of their own");
    }
  }

  private static Cache cache(ApplicationContext context, String name) {
    return requireNonNull(context.getBean(CacheManager.class).getCache(name));
  }

  private static com.github.benmanes.caffeine.cache.Cache<Object, Object> nativeCache(
      ApplicationContext context, String name) {
    return ((CaffeineCache) cache(context, name)).getNativeCache();
  }

  record Removals(List<Object> keys) {}

  @Configuration(proxyBeanMethods = false)
  static class Builders {

    @Bean
    Caffeine<Object, Object> small() {
      return Caffeine.newBuilder().maximumSize(5);
    }

    @Bean
    @Qualifier("one")
    Caffeine<Object, Object> large() {
      return Caffeine.newBuilder().maximumSize(6);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryBuilder {

    @Bean
    @Primary
    Caffeine<Object, Object> primary() {
      return Caffeine.newBuilder().maximumSize(7);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizer {

    @Bean
    CaffeineBuilderCustomizer customizer(Removals removals) {
      return (cache, builder) -> {
        builder.weigher((key, value) -> 3);
        if (cache.equals("products")) {
          builder
              .expireAfter(Expiry.creating((key, value) -> Duration.ofMinutes(1)))
              .removalListener((key, value, cause) -> removals.keys().add(key));
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Ordered {

    @Bean
    @Order(2)
    CaffeineBuilderCustomizer second() {
      return (cache, builder) -> builder.maximumSize(2);
    }

    @Bean
    @Order(1)
    CaffeineBuilderCustomizer first() {
      return (cache, builder) -> builder.maximumSize(1);
    }
  }
}
