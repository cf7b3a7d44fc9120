package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.CacheLoader;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.NodeLifecycle;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Beans that the application declares for the node reach the node. */
class ApplicationBeansTest {

  @Test
  void observers_areAllToldInTheirOrder() {
    List<String> told = new CopyOnWriteArrayList<>();
    Applications.local()
        .withBean("told", Told.class, () -> new Told(told))
        .withUserConfiguration(Observers.class)
        .run(
            context -> {
              Awaitility.await().until(() -> told.size() >= 2);
              assertThat(told).startsWith("first", "second");
            });
  }

  @Test
  void keyCodec_carriesKeysOfItsType() {
    Unencodable unencodable = new Unencodable();
    Applications.local()
        .withBean(InvalidationObserver.class, () -> unencodable)
        .withUserConfiguration(Codec.class)
        .run(
            context -> {
              CacheInvalidator invalidator = context.getBean(CacheInvalidator.class);
              invalidator.evict("products", new Sku("a"));
              invalidator.evict("products", new Plain("a"));
              Awaitility.await().until(() -> !unencodable.types.isEmpty());
              assertThat(unencodable.types).containsExactly(Plain.class);
            });
  }

  @Test
  void beansThatShapeTheCachesOfSpringBoot_areSaidToBeUnused() {
    try (Logged logged = new Logged()) {
      Applications.local().withUserConfiguration(Shaping.class).run(context -> {});
      assertThat(logged.warnings())
          .hasSize(2)
          .anyMatch(line -> line.contains("CacheLoader beans [loader] are not used"))
          .anyMatch(line -> line.contains("CacheManagerCustomizer beans [customizer] are not"));
    }
  }

  @Test
  void customizerOfAnyCacheManager_isApplied_andNeedsNoWarning() {
    try (Logged logged = new Logged()) {
      Applications.local()
          .withUserConfiguration(Customizers.class)
          .withPropertyValues("spring.cache.caffeine.spec=maximumSize=1000")
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class).getCacheNames())
                      .containsExactlyInAnyOrder("of any manager", "of this manager"));
      assertThat(logged.warnings()).isEmpty();
    }
  }

  @Test
  void foreignMessageReader_evictsTheKeyThatAForeignMessageNames() {
    List<String> told = new CopyOnWriteArrayList<>();
    try (TestRedis redis = TestRedis.started()) {
      Applications.over(redis)
          .withPropertyValues("invalidation.channel=foreign")
          .withUserConfiguration(Foreign.class)
          .withBean(InvalidationObserver.class, () -> new Named("joined", new Told(told)))
          .run(
              context -> {
                Awaitility.await().until(() -> told.contains("joined"));
                Cache cache = cache(context);
                cache.put("7", "old");
                cache.put("8", "old");
                redis.command("PUBLISH", "foreign", "changed 7");
                Awaitility.await().until(() -> cache.get("7") == null);
                assertThat(cache.get("8")).isNotNull();
              });
    }
  }

  @Test
  void node_stopsAfterBeansThatTakeWorkAndBeforeTheConnectionFactory() {
    assertThat(NodeLifecycle.PHASE)
        .isGreaterThan(new LettuceConnectionFactory().getPhase())
        .isLessThan(SmartLifecycle.DEFAULT_PHASE / 2);
  }

  private static Cache cache(ApplicationContext context) {
    Cache cache = context.getBean(CacheManager.class).getCache("products");
    assertThat(cache).isNotNull();
    return cache;
  }

  record Told(List<String> events) {}

  static final class Sku {

    private final String code;

    Sku(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Sku sku && sku.code.equals(code);
    }

    @Override
    public int hashCode() {
      return code.hashCode();
    }
  }

  static final class Plain {

    private final String code;

    Plain(String code) {
      this.code = code;
    }

    @Override
    public String toString() {
      return code;
    }
  }

  static final class Unencodable implements InvalidationObserver {

    private final List<Class<?>> types = new CopyOnWriteArrayList<>();

    @Override
    public void keyNotEncodable(String cache, Class<?> type) {
      types.add(type);
    }
  }

  private record Named(String name, Told told) implements InvalidationObserver {

    @Override
    public void joined() {
      told.events().add(name);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Shaping {

    @Bean
    CacheLoader<Object, Object> loader() {
      return key -> key;
    }

    @Bean
    CacheManagerCustomizer<ConcurrentMapCacheManager> customizer() {
      return manager -> manager.setAllowNullValues(false);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {

    @Bean
    CacheManagerCustomizer<CacheManager> ofAny() {
      return manager -> manager.getCache("of any manager");
    }

    @Bean
    CacheManagerCustomizer<CoherentCacheManager> ofThis() {
      return manager -> manager.getCache("of this manager");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Observers {

    @Bean
    @Order(2)
    InvalidationObserver second(Told told) {
      return new Named("second", told);
    }

    @Bean
    @Order(1)
    InvalidationObserver first(Told told) {
      return new Named("first", told);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Codec {

    @Bean
    KeyCodec<Sku> skuCodec() {
      return KeyCodec.of("sku", Sku.class, Sku::code, Sku::new);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Foreign {

    @Bean
    ForeignMessageReader changes() {
      return payload -> {
        String text = new String(payload, StandardCharsets.UTF_8);
        return text.startsWith("changed ")
            ? List.of(Invalidation.keys("products", text.substring(8)))
            : null;
      };
    }
  }
}
