package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.autoconfigure.CacheChoice.Sign;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Which caches an application means, for every provider. Types that are not on the class path are
 * made up for the test.
 */
class CacheChoiceTest {

  private static final String CACHING_PROVIDER =
      "META-INF/services/javax.cache.spi.CachingProvider";

  private static final ClassLoader WITHOUT_PROVIDERS =
      new FilteredClassLoader(new ClassPathResource(CACHING_PROVIDER));

  private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void applicationWithoutCacheSettings_choosesNothing() {
    environment.setProperty("spring.cache.cache-names", "products");

    assertThat(choice().forNode()).isNull();
    assertThat(choice().forAnother()).isNull();
    assertThat(choice().otherType()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.cache.type",
        "spring.cache.caffeine.spec",
        "invalidation.max-staleness",
        "invalidation.caches.products.spec",
        "invalidation.caches.[my_cache].local-only"
      })
  void settingOfTheNodesCaches_decidesForThem(String property) {
    environment.setProperty(property, "any");

    assertThat(choice().forNode()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALIDATION_CACHES_PRODUCTS_SPEC", "INVALIDATION_CACHES_A_LOCALONLY"})
  void settingInTheSystemEnvironment_decidesToo(String variable) {
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, "any")));

    assertThat(choice().forNode()).isEqualTo("a property below invalidation.caches");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidation.enabled", "invalidation.channel", "spring.cache.redis.x"})
  void settingOfNoCache_decidesNothing(String property) {
    environment.setProperty(property, "any");

    assertThat(choice().forNode()).isNull();
  }

  @Test
  void beanForCaffeine_decidesForTheNode() {
    declare("spec", ResolvableType.forClass(CaffeineSpec.class));
    assertThat(choice().forNode()).isEqualTo("the CaffeineSpec bean 'spec'");

    beans.removeBeanDefinition("spec");
    declare(
        "builder", ResolvableType.forClassWithGenerics(Caffeine.class, Object.class, Object.class));
    assertThat(choice().forNode()).isEqualTo("the Caffeine bean 'builder'");
  }

  @Test
  void caffeineBeanOfOtherKeys_decidesNothing() {
    declare(
        "builder", ResolvableType.forClassWithGenerics(Caffeine.class, String.class, String.class));

    assertThat(choice().forNode()).isNull();
  }

  private static Stream<Arguments> properties() {
    return Arrays.stream(CacheProvider.values())
        .flatMap(
            provider ->
                provider.properties().stream().map(property -> Arguments.of(provider, property)));
  }

  @ParameterizedTest
  @MethodSource("properties")
  void propertyOfAnotherProvider_isASign(CacheProvider provider, String property) {
    environment.setProperty(property, "any");

    assertThat(choice().forAnother()).isEqualTo(new Sign(provider, "the property " + property));
  }

  @ParameterizedTest
  @MethodSource("properties")
  void propertyThatAProfileHasEmptied_isNone(CacheProvider provider, String property) {
    environment.setProperty(property, "");

    assertThat(choice().forAnother()).as("sign of %s", provider).isNull();
  }

  private static Stream<Arguments> signs() {
    return Arrays.stream(CacheProvider.values())
        .flatMap(provider -> provider.signs().stream().map(sign -> Arguments.of(provider, sign)));
  }

  @ParameterizedTest
  @MethodSource("signs")
  void beanThatConfiguresAnotherProvider_isASign(CacheProvider provider, String type) {
    declare("mine", ResolvableType.forClass(type(type)));

    assertThat(choice().forAnother())
        .isEqualTo(new Sign(provider, "the " + ClassUtils.getShortName(type) + " bean 'mine'"));
  }

  @ParameterizedTest
  @EnumSource(CacheProvider.class)
  void customizerOfAnotherManager_isASign(CacheProvider provider) {
    Class<?> manager = type(provider.manager());
    declare("mine", ResolvableType.forClassWithGenerics(CacheManagerCustomizer.class, manager));

    assertThat(choice().forAnother())
        .isEqualTo(new Sign(provider, "the CacheManagerCustomizer bean 'mine'"));
  }

  @Test
  void customizerOfAnyManager_isNone() {
    declare(
        "mine",
        ResolvableType.forClassWithGenerics(CacheManagerCustomizer.class, CacheManager.class));

    assertThat(choice().forAnother()).isNull();
  }

  @Test
  void beanThatIsNoDefaultCandidate_isNone() {
    declare("mine", ResolvableType.forClass(RedisCacheConfiguration.class));
    ((RootBeanDefinition) beans.getBeanDefinition("mine")).setDefaultCandidate(false);

    assertThat(choice().forAnother()).isNull();
  }

  @Test
  void beanOfAParent_isASign() {
    declare("mine", ResolvableType.forClass(RedisCacheConfiguration.class));
    DefaultListableBeanFactory child = new DefaultListableBeanFactory(beans);

    assertThat(new CacheChoice(child, environment).forAnother())
        .extracting(Sign::provider)
        .isEqualTo(CacheProvider.REDIS);
  }

  @Test
  void singletonWithoutDefinition_isASign() {
    beans.registerSingleton("mine", RedisCacheConfiguration.defaultCacheConfig());

    assertThat(choice().forAnother()).extracting(Sign::provider).isEqualTo(CacheProvider.REDIS);
  }

  @Test
  void firstProviderThatSpringBootWouldCreate_isTheAutomaticOne() {
    assertThat(choice().automatic()).isNull();

    declare("factory", ResolvableType.forClass(RedisConnectionFactory.class));
    assertThat(choice().automatic())
        .isEqualTo(new Sign(CacheProvider.REDIS, "the RedisConnectionFactory bean 'factory'"));

    declare("cache", ResolvableType.forClass(Cache.class));
    assertThat(choice().automatic())
        .isEqualTo(new Sign(CacheProvider.GENERIC, "the Cache bean 'cache'"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HAZELCAST", "COUCHBASE"})
  void clientOfAnotherProvider_makesItAutomatic_ifItsManagerIsThere(CacheProvider provider) {
    String client = String.valueOf(provider.client());
    declare("client", ResolvableType.forClass(type(client)));
    assertThat(choice().automatic()).isNull();

    type(provider.manager());
    assertThat(choice().automatic())
        .isEqualTo(new Sign(provider, "the " + ClassUtils.getShortName(client) + " bean 'client'"));
  }

  @ParameterizedTest
  @EnumSource(names = {"INFINISPAN", "CACHE2K"})
  void managerOnTheClassPath_makesItAutomatic(CacheProvider provider) {
    type(provider.manager());

    assertThat(choice().automatic())
        .isEqualTo(new Sign(provider, "the class " + provider.manager()));
  }

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

  /** Other beans may need the JCache manager that Spring Boot declares then. */
  @Test
  void oneJCacheProvider_isASign_ifCachingIsOn(@TempDir Path one) throws IOException {
    try (URLClassLoader single = provider(one, WITHOUT_PROVIDERS)) {
      beans.setBeanClassLoader(single);
      assertThat(choice().forAnother()).isNull();

      declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
      assertThat(choice().forAnother())
          .isEqualTo(new Sign(CacheProvider.JCACHE, "the file " + CACHING_PROVIDER));
    }
  }

  @Test
  void infinispan_isASign_ifCachingIsOn() {
    type(CacheProvider.INFINISPAN.manager());
    assertThat(choice().forAnother()).isNull();

    declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
    assertThat(choice().forAnother())
        .extracting(Sign::provider)
        .isEqualTo(CacheProvider.INFINISPAN);
  }

  @Test
  void clientAlone_isNoSign_evenIfCachingIsOn() {
    declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
    declare("factory", ResolvableType.forClass(RedisConnectionFactory.class));
    type(CacheProvider.CACHE2K.manager());

    assertThat(choice().forAnother()).isNull();
  }

  private static URLClassLoader provider(Path directory, ClassLoader parent) throws IOException {
    Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(directory.resolve(CACHING_PROVIDER), "example.Provider");
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, parent);
  }

  private CacheChoice choice() {
    return new CacheChoice(beans, environment);
  }

  private void declare(String name, ResolvableType type) {
    RootBeanDefinition definition = new RootBeanDefinition();
    definition.setTargetType(type);
    definition.setLazyInit(true);
    beans.registerBeanDefinition(name, definition);
  }

  /** Returns the type of that name; makes it up, on the class path of the beans, if need be. */
  private Class<?> type(String name) {
    ClassLoader loader = beans.getBeanClassLoader();
    if (ClassUtils.isPresent(name, loader)) {
      return ClassUtils.resolveClassName(name, loader);
    }
    Class<?> madeUp =
        new ByteBuddy()
            .makeInterface(List.of(CacheManager.class))
            .name(name)
            .make()
            .load(loader)
            .getLoaded();
    beans.setBeanClassLoader(madeUp.getClassLoader());
    return madeUp;
  }
}
