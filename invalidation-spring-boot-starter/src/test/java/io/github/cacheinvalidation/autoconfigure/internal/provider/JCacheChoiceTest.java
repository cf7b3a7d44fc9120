package io.github.cacheinvalidation.autoconfigure.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice.Sign;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.core.ResolvableType;

/** Which caches an application means that has JCache, with and without a provider of it. */
class JCacheChoiceTest extends CacheChoiceFixture {

  @Test
  void oneJCacheProvider_makesItAutomatic(@TempDir Path one, @TempDir Path two) throws IOException {
    try (URLClassLoader single = provider(one, WITHOUT_PROVIDERS);
        URLClassLoader several = provider(two, single)) {
      beans.setBeanClassLoader(single);
      assertThat(choice().automatic()).extracting(Sign::provider).isEqualTo(CacheProvider.JCACHE);

      beans.setBeanClassLoader(several);
      assertThat(choice().automatic()).isNull();
    }
  }

  @Test
  void beanThatNeedsTheJCacheManager_isASign_ifCachingIsOn(@TempDir Path one) throws IOException {
    try (URLClassLoader single = provider(one, WITHOUT_PROVIDERS)) {
      beans.setBeanClassLoader(single);
      beans.registerBeanDefinition("needy", new RootBeanDefinition(NeedsJCache.class));
      assertThat(choice().forAnother()).isNull();

      declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
      assertThat(choice().forAnother())
          .isEqualTo(
              new Sign(CacheProvider.JCACHE, "the bean 'needy', which needs a CacheManager"));
    }
  }

  private record NeedsJCache(javax.cache.CacheManager manager) {}

  /** As with Redisson, which brings a JCache provider to applications that use none. */
  @Test
  void providerOnTheClassPathAlone_isNoSign(@TempDir Path one) throws IOException {
    declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
    type(CacheProvider.INFINISPAN.manager());
    assertThat(choice().forAnother()).isNull();

    try (URLClassLoader single = provider(one, WITHOUT_PROVIDERS)) {
      beans.setBeanClassLoader(single);
      assertThat(choice().forAnother()).isNull();
      environment.setProperty("spring.cache.caffeine.spec", "maximumSize=5");
      assertThat(choice().forNode()).isEqualTo("the property spring.cache.caffeine.spec");
    }
  }

  /** As in an application with a customizer for JCache, whose provider is gone. */
  @Test
  void beanForJCacheWithoutAProvider_isNone() {
    beans.setBeanClassLoader(WITHOUT_PROVIDERS);
    declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
    declare("mine", ResolvableType.forClass(JCacheManagerCustomizer.class));

    assertHasNoEffect(CacheProvider.JCACHE, "the JCacheManagerCustomizer bean 'mine'");
    assertThat(choice().automatic()).isNull();
    environment.setProperty("spring.cache.caffeine.spec", "maximumSize=5");
    assertThat(choice().forNode()).isEqualTo("the property spring.cache.caffeine.spec");
  }

  @Test
  void settingForJCacheWithoutAProvider_isNone() {
    beans.setBeanClassLoader(WITHOUT_PROVIDERS);
    environment.setProperty("spring.cache.jcache.config", "any");

    assertHasNoEffect(CacheProvider.JCACHE, "the property spring.cache.jcache.config");
  }

  @Test
  void beanForJCacheWithSeveralProviders_isNone_unlessASettingNamesOne(
      @TempDir Path one, @TempDir Path two) throws IOException {
    try (URLClassLoader single = provider(one, WITHOUT_PROVIDERS);
        URLClassLoader several = provider(two, single)) {
      beans.setBeanClassLoader(several);
      declare("mine", ResolvableType.forClass(JCacheManagerCustomizer.class));
      assertHasNoEffect(CacheProvider.JCACHE, "the JCacheManagerCustomizer bean 'mine'");

      environment.setProperty("spring.cache.jcache.provider", "example.Provider");
      assertThat(choice().forAnother()).extracting(Sign::provider).isEqualTo(CacheProvider.JCACHE);
    }
  }

  @Test
  void managerOfJCacheThatTheApplicationDeclares_isASign_alsoWithoutAProvider() {
    beans.setBeanClassLoader(WITHOUT_PROVIDERS);
    declare("mine", ResolvableType.forClass(javax.cache.CacheManager.class));

    assertThat(choice().forAnother())
        .isEqualTo(new Sign(CacheProvider.JCACHE, "the CacheManager bean 'mine'"));
  }
}
