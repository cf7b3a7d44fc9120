package io.github.cacheinvalidation.autoconfigure.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice.Sign;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Which caches an application means, for every provider. Types that are not on the class path are
 * made up for the test.
 */
class CacheChoiceTest extends CacheChoiceFixture {

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
    makeAvailable(provider);
    environment.setProperty(property, "any");

    assertThat(choice().forAnother()).isEqualTo(new Sign(provider, "the property " + property));
  }

  @ParameterizedTest
  @MethodSource("properties")
  void propertyThatAProfileHasEmptied_isNone(CacheProvider provider, String property) {
    makeAvailable(provider);
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
    makeAvailable(provider);
    declare("mine", ResolvableType.forClass(type(type)));

    assertThat(choice().forAnother())
        .isEqualTo(new Sign(provider, "the " + ClassUtils.getShortName(type) + " bean 'mine'"));
    assertThat(choice().withoutEffect()).isEmpty();
  }

  /** The types of the generic provider are those of Spring, and never lacking. */
  private static Stream<Arguments> signsOfLibraries() {
    return signs().filter(each -> each.get()[0] != CacheProvider.GENERIC);
  }

  @ParameterizedTest
  @MethodSource("signsOfLibraries")
  void beanOfAProviderThatLacksAType_isNone(CacheProvider provider, String type) {
    for (String lacking : types(provider)) {
      beans.setBeanClassLoader(new FilteredClassLoader(lacking));
      declare("mine", ResolvableType.forClass(type(type)));

      assertHasNoEffect(provider, "the " + ClassUtils.getShortName(type) + " bean 'mine'");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GENERIC") // a Cache bean is its sign
  void customizerOfAnotherManager_isASign(CacheProvider provider) {
    makeAvailable(provider);
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
    makeAvailable(CacheProvider.REDIS);
    declare("mine", ResolvableType.forClass(RedisCacheConfiguration.class));
    ((RootBeanDefinition) beans.getBeanDefinition("mine")).setDefaultCandidate(false);

    assertThat(choice().forAnother()).isNull();
  }

  @Test
  void beanOfAParent_isASign() {
    makeAvailable(CacheProvider.REDIS);
    declare("mine", ResolvableType.forClass(RedisCacheConfiguration.class));
    DefaultListableBeanFactory child = new DefaultListableBeanFactory(beans);

    assertThat(new CacheChoice(child, environment).forAnother())
        .extracting(Sign::provider)
        .isEqualTo(CacheProvider.REDIS);
  }

  @Test
  void singletonWithoutDefinition_isASign() {
    makeAvailable(CacheProvider.REDIS);
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

    types(provider).forEach(this::type);
    assertThat(choice().automatic())
        .isEqualTo(new Sign(provider, "the " + ClassUtils.getShortName(client) + " bean 'client'"));
  }

  @ParameterizedTest
  @EnumSource(names = {"INFINISPAN", "CACHE2K"})
  void managerOnTheClassPath_makesItAutomatic(CacheProvider provider) {
    types(provider).forEach(this::type);

    assertThat(choice().automatic())
        .isEqualTo(new Sign(provider, "the class " + provider.manager()));
  }

  @Test
  void clientAlone_isNoSign_evenIfCachingIsOn() {
    declare("aspect", ResolvableType.forClass(CacheAspectSupport.class));
    declare("factory", ResolvableType.forClass(RedisConnectionFactory.class));
    type(CacheProvider.CACHE2K.manager());

    assertThat(choice().forAnother()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"COUCHBASE", "REDIS"})
  void settingOfAProviderWithoutItsClient_isNone(CacheProvider provider) {
    types(provider).forEach(this::type);
    String property = provider.properties().get(0);
    environment.setProperty(property, "any");
    assertHasNoEffect(provider, "the property " + property);

    declare("client", ResolvableType.forClass(type(String.valueOf(provider.client()))));
    assertThat(choice().forAnother()).extracting(Sign::provider).isEqualTo(provider);
    assertThat(choice().withoutEffect()).isEmpty();
  }

  /** As the condition on a single candidate does. */
  @ParameterizedTest
  @EnumSource(names = {"HAZELCAST", "COUCHBASE"})
  void severalClients_makeNothingAutomatic_unlessOneIsPrimary(CacheProvider provider) {
    types(provider).forEach(this::type);
    ResolvableType client = ResolvableType.forClass(type(String.valueOf(provider.client())));
    declare("a", client);
    declare("b", client);
    assertThat(choice().automatic()).isNull();

    beans.getBeanDefinition("b").setPrimary(true);
    beans.clearMetadataCache();
    assertThat(choice().automatic()).extracting(Sign::evidence).asString().endsWith("bean 'b'");

    beans.getBeanDefinition("b").setPrimary(false);
    beans.getBeanDefinition("b").setFallback(true);
    beans.clearMetadataCache();
    assertThat(choice().automatic()).extracting(Sign::evidence).asString().endsWith("bean 'a'");
  }

  @Test
  void severalRedisClients_makeItAutomatic() {
    declare("a", ResolvableType.forClass(RedisConnectionFactory.class));
    declare("b", ResolvableType.forClass(RedisConnectionFactory.class));

    assertThat(choice().automatic()).extracting(Sign::provider).isEqualTo(CacheProvider.REDIS);
  }
}
