package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Caches without a size limit and without a lifetime are one warning with the remedy. */
class UnlimitedCachesTest {

  private static final String REMEDY =
      "Set spring.cache.caffeine.spec, for example to maximumSize=10000,expireAfterWrite=10m";

  private final ApplicationContextRunner application = Applications.local();

  @Test
  void firstSuchCacheThatIsCreated_isNamedOnce() {
    assertThat(warnings(application, "products", "my_prices", "products"))
        .singleElement()
        .asString()
        .contains(
            "Cache 'products' has neither a size limit nor a lifetime, so it can fill the heap",
            REMEDY,
            "invalidation.caches.products.spec for this cache");
    assertThat(warnings(application, "my_prices"))
        .singleElement()
        .asString()
        .contains("invalidation.caches.[my_prices].spec");
  }

  @Test
  void fixedCaches_areNamedTogetherAtTheStart() {
    assertThat(
            warnings(
                application.withPropertyValues(
                    "spring.cache.cache-names=a,b,c", "invalidation.caches.b.spec=maximumSize=5")))
        .singleElement()
        .asString()
        .contains(
            "The caches [a, c] have neither a size limit nor a lifetime, so they can fill the heap",
            REMEDY,
            "invalidation.caches.a.spec");
    assertThat(
            warnings(
                application.withPropertyValues("spring.cache.cache-names=a,b"), "a", "b", "none"))
        .hasSize(1);
  }

  @Test
  void specOfAllCaches_orOfThisOne_needsNoWarning() {
    assertThat(
            warnings(
                application.withPropertyValues("spring.cache.caffeine.spec=expireAfterAccess=1h"),
                "products"))
        .isEmpty();
    assertThat(
            warnings(
                application.withPropertyValues("invalidation.caches.products.spec=maximumSize=5"),
                "products"))
        .isEmpty();
  }

  @Test
  void specWithoutLimit_isWarnedOf() {
    assertThat(
            warnings(
                application.withPropertyValues("spring.cache.caffeine.spec=recordStats"),
                "products"))
        .hasSize(1);
  }

  @Test
  void localOnlyCache_isWarnedOfToo() {
    assertThat(
            warnings(
                application.withPropertyValues("invalidation.caches.products.local-only=true"),
                "products"))
        .singleElement()
        .asString()
        .contains("Cache 'products' has neither");
  }

  @Test
  void caffeineBean_isJudgedByItsLimits() {
    assertThat(warnings(application.withUserConfiguration(Limited.class), "products")).isEmpty();
    assertThat(warnings(application.withUserConfiguration(Unlimited.class), "products"))
        .singleElement()
        .asString()
        .contains("Cache 'products' has neither");
  }

  private static List<String> warnings(ApplicationContextRunner application, String... caches) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context).hasNotFailed();
            for (String cache : caches) {
              context.getBean(CacheManager.class).getCache(cache);
            }
          });
      return logged.warnings();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Limited {

    @Bean
    Caffeine<Object, Object> limited() {
      return Caffeine.newBuilder().maximumWeight(100).weigher((key, value) -> 1);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Unlimited {

    @Bean
    Caffeine<Object, Object> unlimited() {
      return Caffeine.newBuilder().recordStats().removalListener((key, value, cause) -> {});
    }
  }
}
