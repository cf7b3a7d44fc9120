package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import jakarta.annotation.Resource;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that has one JCache provider on its class path, for example for the second-level
 * cache of Hibernate, and uses the JCache manager that Spring Boot declares.
 */
class JCacheApplicationsTest {

  private final ClassLoader oneProvider = new OneProvider();

  private final ApplicationContextRunner application =
      Applications.local().withClassLoader(oneProvider).withUserConfiguration(OwnCaching.class);

  @AfterEach
  void closeManagers() {
    Caching.getCachingProvider(CaffeineCachingProvider.class.getName(), oneProvider).close();
  }

  @Test
  void managerThatABeanNeeds_isThere_andTheManagerOfTheNodeIsBesideIt() {
    assertKeepsItsManager(application.withUserConfiguration(SecondLevelCache.class));
  }

  @Test
  void managerThatAComponentNeeds_isThere_andTheManagerOfTheNodeIsBesideIt() {
    assertKeepsItsManager(application.withUserConfiguration(NeedsIt.InConstructor.class));
    assertKeepsItsManager(application.withUserConfiguration(NeedsIt.InField.class));
    assertKeepsItsManager(application.withUserConfiguration(NeedsIt.InMethod.class));
    assertKeepsItsManager(application.withUserConfiguration(NeedsIt.AsProvider.class));
    assertKeepsItsManager(application.withUserConfiguration(NeedsIt.SpringsManager.class));
    assertKeepsItsManager(application.withBean("needy", NeedsIt.InConstructor.class));
  }

  @Test
  void providerThatNoBeanNeeds_leavesTheManagerOfTheNodeTheDefault() {
    application.run(
        context ->
            assertThat(context.getBean(org.springframework.cache.CacheManager.class))
                .isInstanceOf(CoherentCacheManager.class));
  }

  @Test
  void managerThatACustomizerFills_isThere_andTheManagerOfTheNodeIsBesideIt() {
    assertKeepsItsManager(
        application.withUserConfiguration(SecondLevelCache.class, Generated.class));
  }

  @Test
  void settingsForTheCachesOfTheNode_leaveTheManagerThere() {
    assertKeepsItsManager(
        application
            .withUserConfiguration(SecondLevelCache.class)
            .withPropertyValues(
                "spring.cache.caffeine.spec=maximumSize=5",
                "invalidation.max-staleness=20s",
                "invalidation.caches.products.spec=maximumSize=6"));
  }

  private static void assertKeepsItsManager(ApplicationContextRunner application) {
    application.run(
        context -> {
          assertThat(context).hasNotFailed().hasSingleBean(CacheManager.class);
          assertThat(context.getBean(org.springframework.cache.CacheManager.class))
              .isInstanceOf(JCacheCacheManager.class);
          assertThat(context.getBean(CacheManagerBean.NAME))
              .isInstanceOf(CoherentCacheManager.class);
          assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isFalse();
        });
  }

  @Test
  void warningAtStart_namesTheProviderAndItsCaches() {
    try (Logged logged = new Logged()) {
      application
          .withUserConfiguration(Generated.class)
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "The caches of the cache managers [cacheManager (users)] receive no writes",
              "configures caches of type jcache",
              "invalidationCacheManager");
    }
  }

  @Test
  void settingForCaffeine_makesTheManagerOfTheNodeTheDefault() {
    application
        .withPropertyValues("spring.cache.type=caffeine")
        .run(
            context ->
                assertThat(context.getBean(org.springframework.cache.CacheManager.class))
                    .isInstanceOf(CoherentCacheManager.class));
  }

  @Test
  void providerOfAnApplicationWithoutCaching_changesNothing() {
    Applications.local()
        .withClassLoader(oneProvider)
        .run(
            context ->
                assertThat(context.getBean(org.springframework.cache.CacheManager.class))
                    .isInstanceOf(CoherentCacheManager.class));
  }

  /** Hides the provider that keeps Spring Boot from choosing JCache in other tests. */
  private static final class OneProvider extends ClassLoader {

    OneProvider() {
      super(JCacheApplicationsTest.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<URL> found = new ArrayList<>();
      for (URL resource : Collections.list(super.getResources(name))) {
        if (!name.endsWith("javax.cache.spi.CachingProvider") || !namesTheSecond(resource)) {
          found.add(resource);
        }
      }
      return Collections.enumeration(found);
    }

    private static boolean namesTheSecond(URL resource) throws IOException {
      try (var content = resource.openStream()) {
        return new String(content.readAllBytes(), StandardCharsets.UTF_8)
            .contains(SecondCachingProvider.class.getName());
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class OwnCaching {}

  /** Components that need a manager that Spring Boot declares. */
  static final class NeedsIt {

    static class InConstructor {
      InConstructor(CacheManager manager) {}
    }

    static class InField {
      @Autowired @Nullable CacheManager manager;
    }

    static class InMethod extends Parent {}

    static class Parent {
      @Resource
      void setManager(CacheManager manager) {}
    }

    static class AsProvider {
      AsProvider(ObjectProvider<CacheManager> manager) {}
    }

    static class SpringsManager {
      SpringsManager(JCacheCacheManager manager) {}
    }
  }

  /** As in applications that pass the manager to Hibernate. */
  @Configuration(proxyBeanMethods = false)
  static class SecondLevelCache {

    @Bean
    HibernatePropertiesCustomizer secondLevelCache(CacheManager manager) {
      return properties -> properties.put("hibernate.javax.cache.cache_manager", manager);
    }
  }

  /** As in generated applications that declare their caches. */
  @Configuration(proxyBeanMethods = false)
  static class Generated {

    @Bean
    JCacheManagerCustomizer caches() {
      return manager -> manager.createCache("users", new MutableConfiguration<>());
    }
  }
}
