package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.SimpleCacheManager;

/**
 * The cache manager of the node beside another one, which stays the default of the application. The
 * node starts with its first cache.
 */
class BesideOtherManagersTest extends BesideFixture {

  @Test
  void managerOfTheApplication_staysTheDefault_andTheNodeDoesNotStart() {
    application.run(
        context -> {
          assertThat(context.getBean(CacheManager.class))
              .isInstanceOf(ConcurrentMapCacheManager.class)
              .isSameAs(context.getBean("cacheManager"));
          assertThat(ofNode(context)).isInstanceOf(CoherentCacheManager.class);
          assertThat(isRunning(context)).isFalse();
        });
  }

  @Test
  void methodThatNamesTheManagerOfTheNode_isCoherentOnAllNodes() {
    onTwoNodes(
        application.withBean(ByName.class),
        (a, b) -> {
          assertThat(isRunning(a)).isTrue(); // although no method was called yet
          Watch.awaitJoined(a);
          Watch.awaitJoined(b);
          ByName there = b.getBean(ByName.class);
          assertThat(there.read(1)).isEqualTo("old");
          database.put(1, "unseen");
          assertThat(there.read(1)).isEqualTo("old");
          a.getBean(ByName.class).write(1, "new");
          Watch.patiently().until(() -> there.read(1).equals("new"));
          assertThat(Watch.of(b).published).hasValue(0);
          assertThat(cache(b, "cacheManager", "products").get(1)).isNull();
        });
  }

  @Test
  void classThatNamesTheManagerOfTheNode_usesItsCaches() {
    application
        .withBean(ByClass.class)
        .run(
            context -> {
              Watch.awaitJoined(context);
              assertThat(context.getBean(ByClass.class).read(1)).isEqualTo("old");
              assertThat(cache(context, CacheManagerBean.NAME, "prices").get(1)).isNotNull();
              assertThat(Watch.of(context).published).hasValue(0);
            });
  }

  @Test
  void methodThatNamesNoManager_usesTheDefaultOne() {
    application
        .withBean(Unnamed.class)
        .run(
            context -> {
              assertThat(context.getBean(Unnamed.class).read(1)).isEqualTo("old");
              assertThat(cache(context, "cacheManager", "products").get(1)).isNotNull();
              assertThat(isRunning(context)).isFalse();
            });
  }

  @Test
  void lazyBean_startsTheNodeWithItsFirstCall() {
    application
        .withUserConfiguration(LazyUser.class)
        .run(
            context -> {
              assertThat(isRunning(context)).isFalse();
              assertThat(context.getBean(ByName.class).read(1)).isEqualTo("old");
              assertThat(isRunning(context)).isTrue();
              Watch.awaitJoined(context);
            });
  }

  @Test
  void compositeWithTheManagerOfTheNode_isCoherentInItsCaches() {
    onTwoNodes(
        Applications.local()
            .withUserConfiguration(Composite.class)
            .withBean(Watch.class)
            .withBean(Database.class, () -> new Database(database))
            .withBean(Unnamed.class),
        (a, b) -> {
          Unnamed there = b.getBean(Unnamed.class);
          there.read(1); // starts the node
          Watch.awaitJoined(b);
          assertThat(there.read(1)).isEqualTo("old");
          a.getBean(Unnamed.class).write(1, "new");
          Watch.patiently().until(() -> there.read(1).equals("new"));
          assertThat(Watch.of(b).published).hasValue(0);
        });
  }

  @Test
  void invalidator_publishesAndRemovesFromTheOtherManager() {
    onTwoNodes(
        application.withUserConfiguration(LazyUser.class),
        (a, b) -> {
          ByName there = b.getBean(ByName.class);
          there.read(1); // starts the node
          Watch.awaitJoined(b);
          assertThat(there.read(1)).isEqualTo("old");
          Cache other = cache(a, "cacheManager", "products");
          other.put(1, "old");
          other.put(2, "old");
          database.put(1, "new");
          a.getBean(CacheInvalidator.class).evict("products", 1);
          assertThat(other.get(1)).isNull();
          assertThat(other.get(2)).isNotNull();
          Watch.patiently().until(() -> there.read(1).equals("new"));
          a.getBean(CacheInvalidator.class).clear("products");
          assertThat(other.get(2)).isNull();
          Watch.patiently().until(() -> Watch.of(a).published.get() == 2);
        });
  }

  @Test
  void invalidator_publishesAlsoIfTheOtherCacheFails() {
    Cache broken = mock(Cache.class);
    given(broken.getName()).willReturn("products");
    willThrow(new IllegalStateException("Injected: Redis is down")).given(broken).evict(any());
    willThrow(new IllegalStateException("Injected: Redis is down")).given(broken).clear();
    SimpleCacheManager other = new SimpleCacheManager();
    other.setCaches(List.of(broken));
    Applications.local()
        .withBean("mine", CacheManager.class, () -> other)
        .withBean(Watch.class)
        .run(
            context -> {
              CacheInvalidator invalidator = context.getBean(CacheInvalidator.class);
              assertThatThrownBy(() -> invalidator.evict("products", 1))
                  .hasMessage("Injected: Redis is down");
              Watch.patiently().until(() -> Watch.of(context).published.get() == 1);
              assertThatThrownBy(() -> invalidator.clear("products"))
                  .hasMessage("Injected: Redis is down");
              Watch.patiently().until(() -> Watch.of(context).published.get() == 2);
            });
  }

  @Test
  void invalidatorOverAComposite_publishesOnce() {
    Applications.local()
        .withUserConfiguration(Composite.class)
        .withBean(Watch.class)
        .run(
            context -> {
              CacheInvalidator invalidator = context.getBean(CacheInvalidator.class);
              invalidator.evict("products", 1);
              invalidator.evict("products", 2);
              context.getSourceApplicationContext().stop(); // publishes what is pending
              assertThat(Watch.of(context).published).hasValue(2);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring.cache.type=simple", "spring.cache.redis.time-to-live=5m"})
  void managerOfSpringBoot_staysTheDefault(String setting) {
    Applications.local()
        .withUserConfiguration(Caching.class)
        .withPropertyValues(setting)
        .run(
            context -> {
              assertThat(context.getBean(CacheManager.class))
                  .isNotInstanceOf(CoherentCacheManager.class);
              assertThat(ofNode(context).getCache("products")).isNotNull();
              assertThat(isRunning(context)).isTrue();
            });
  }

  /** The builder may be right for the other manager, and the node needs no connection yet. */
  @Test
  void otherBeanWithTheNameOfSpringBoot_leavesTheManagerOfTheNodeTheDefault() {
    Applications.local()
        .withUserConfiguration(SecondaryManager.class)
        .withBean(Watch.class)
        .withBean(Database.class, () -> new Database(database))
        .withBean(Unnamed.class)
        .withBean(ByName.class)
        .run(
            context -> {
              assertThat(context.getBean(CacheManager.class))
                  .isInstanceOf(CoherentCacheManager.class)
                  .isSameAs(ofNode(context));
              assertThat(context.getBean("cacheManager"))
                  .isInstanceOf(ConcurrentMapCacheManager.class);
              Watch.awaitJoined(context);
              assertThat(context.getBean(Unnamed.class).read(1)).isEqualTo("old");
              assertThat(cache(context, CacheManagerBean.NAME, "products").get(1)).isNotNull();
            });
  }

  @Test
  void onlyManager_hasBothNames() {
    Applications.local()
        .withBean(Watch.class)
        .withBean(Database.class, () -> new Database(database))
        .withBean(ByName.class)
        .run(
            context -> {
              assertThat(context.getBeanNamesForType(CacheManager.class))
                  .containsExactly("cacheManager");
              assertThat(ofNode(context)).isSameAs(context.getBean("cacheManager"));
              Watch.awaitJoined(context);
              assertThat(context.getBean(ByName.class).read(1)).isEqualTo("old");
              assertThat(cache(context, "cacheManager", "products").get(1)).isNotNull();
              assertThat(Watch.of(context).published).hasValue(0);
            });
  }
}
