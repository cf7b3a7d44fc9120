package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.autoconfigure.metrics.CacheInvalidationMetricsAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A bad value stops the start, without a stack trace, and with the property, the value, the file
 * and line that it comes from, and the remedy.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidSettingTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalidation.max-staleness=0s | invalidation.max-staleness | 0s | a duration such as 10s
          invalidation.max-staleness=-1s | invalidation.max-staleness | -1s | a duration such as 10s
          invalidation.max-staleness=400d | invalidation.max-staleness | 400d | a duration such as 10s
          invalidation.max-staleness=2s | invalidation.max-staleness | 2s | check-interval is 1s, which is more than a quarter of invalidation.max-staleness, 2s. Lower the first, or raise the second to 4s
          invalidation.max-staleness=nonsense | invalidation.max-staleness | nonsense | java.time.Duration
          invalidation.check-interval=0s | invalidation.check-interval | 0s | a duration such as 10s
          invalidation.check-interval=3s | invalidation.check-interval | 3s | check-interval is 3s, which is more than a quarter of invalidation.max-staleness, 10s. Lower the first, or raise the second to 12s
          invalidation.caches.a.max-staleness=2s | invalidation.caches.a.max-staleness | 2s | a quarter of invalidation.caches.a.max-staleness, 2s
          invalidation.caches.a.max-staleness=0s | invalidation.caches.a.max-staleness | 0s | a duration such as 10s
          invalidation.channel= | invalidation.channel | '' | must not be blank
          invalidation.channel=a b | invalidation.channel | a b | such as cache:invalidate:shop
          invalidation.channel=a}b{c | invalidation.channel | a}b{c | a hash tag such as {shop}
          invalidation.channel={shop} | invalidation.channel | {shop} | something beside its hash tag, such as {shop}:invalidate
          invalidation.channel={}x | invalidation.channel | {}x | a hash tag such as {shop}
          invalidation.node-name= | invalidation.node-name | '' | must not be blank
          invalidation.log.max-length=0 | invalidation.log.max-length | 0 | Set it to 100 or more
          invalidation.log.max-size=1KB | invalidation.log.max-size | 1KB | Set it to 64KB or more
          invalidation.publish.timeout=0s | invalidation.publish.timeout | 0s | a duration such as 10s
          invalidation.publish.mode=later | invalidation.publish.mode | later | ASYNC
          invalidation.publish.max-batch-keys=0 | invalidation.publish.max-batch-keys | 0 | from 1 to 32768
          invalidation.publish.max-batch-keys=40000 | invalidation.publish.max-batch-keys | 40000 | from 1 to 32768
          invalidation.publish.max-pending-keys=511 | invalidation.publish.max-pending-keys | 511 | less than invalidation.publish.max-batch-keys, 4096. Raise the first
          invalidation.groups.max-back-off=500ms | invalidation.groups.max-back-off | 500ms | at least that of invalidation.groups.back-off, which is 1s
          invalidation.judge.rate=-1 | invalidation.judge.rate | -1 | from 0 to 1000 reads a second
          invalidation.subscriptions[0]= | invalidation.subscriptions[0] | '' | must not contain a blank name
          invalidation.transport=kafka | invalidation.transport | kafka | PUBSUB
          invalidation.connection-factory=other | invalidation.connection-factory | other | are [redisConnectionFactory]. Set it to one of these
          invalidation.caches.a.spec=nonsense | invalidation.caches.a.spec | nonsense | such as maximumSize=10000
          invalidation.caches.a.spec=weakKeys | invalidation.caches.a.spec | weakKeys | such as maximumSize=10000
          invalidation.caches.a.spec=maximumWeight=5 | invalidation.caches.a.spec | maximumWeight=5 | such as maximumSize=10000
          invalidation.caches.[my_cache].spec=nonsense | invalidation.caches.[my_cache].spec | nonsense | such as maximumSize=10000
          invalidation.caches.[My.Cache].max-staleness=0s | invalidation.caches.[My.Cache].max-staleness | 0s | a duration such as 10s
          invalidation.caches.a.channel= | invalidation.caches.a.channel | '' | must not be blank
          invalidation.caches.a.channel=a b | invalidation.caches.a.channel | a b | such as cache:invalidate:shop
          invalidation.caches.[My.Cache].channel={shop} | invalidation.caches.[My.Cache].channel | {shop} | something beside its hash tag, such as {shop}:invalidate
          invalidation.caches.a.local-only=perhaps | invalidation.caches.a.local-only | perhaps | boolean
          invalidation.enable-caching=perhaps | invalidation.enable-caching | perhaps | Boolean
          invalidation.health.out-of-service-when-cut-off=perhaps | invalidation.health.out-of-service-when-cut-off | perhaps | boolean
          invalidation.enabled=perhaps | invalidation.enabled | perhaps | boolean
          spring.cache.caffeine.spec=refreshAfterWrite=1s | spring.cache.caffeine.spec | refreshAfterWrite=1s | such as maximumSize=10000
          """)
  void badValue_stopsTheStartAndSaysWhereItComesFrom(
      String setting, String property, String value, String remedy, CapturedOutput output)
      throws IOException {
    String report = reportOfFailure(output, Shop.class, setting);

    assertThat(report)
        .contains(property, remedy)
        .containsPattern("alue:? ['\"]" + Pattern.quote(value))
        .containsPattern("application\\.properties\\] - [12]:\\d+");
  }

  /** A bad value that is unused where it was tried would fail where it is used. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalidation.log.max-length=0",
        "invalidation.log.max-size=1KB",
        "invalidation.channel={shop}",
        "invalidation.publish.max-batch-keys=0"
      })
  void badValue_stopsTheStartWhateverTheTransport(String setting, CapturedOutput output)
      throws IOException {
    for (String without : List.of("invalidation.transport=local", "invalidation.enabled=false")) {
      assertThat(reportOfFailure(output, Shop.class, setting, without))
          .contains(setting.substring(0, setting.indexOf('=')), "application.properties] - 1:");
    }
  }

  @Test
  void intervalTooLongForTheBound_namesBothSettings(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.check-interval=5s",
                "invalidation.caches.a.max-staleness=12s",
                "invalidation.max-staleness=1m"))
        .contains("'invalidation.check-interval'", "invalidation.caches.a.max-staleness, 12s")
        .contains("application.properties] - 1:");
  }

  @Test
  void channelOfALocalCache_namesBothSettings(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.caches.a.channel=reds",
                "invalidation.caches.a.local-only=true"))
        .contains("'invalidation.caches.a.channel'", "invalidation.caches.a.local-only is true")
        .contains("application.properties] - 1:");
  }

  @Test
  void batchAboveMaxPendingKeys_namesBothSettings(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.publish.max-pending-keys=5",
                "invalidation.publish.max-batch-keys=6"))
        .contains("'invalidation.publish.max-pending-keys'", "max-batch-keys, 6");
  }

  @Test
  void valueInYaml_isFoundByFileAndLine(CapturedOutput output) throws IOException {
    Files.writeString(
        directory.resolve("application.yml"),
        """
        invalidation:
          caches:
            "[my_cache]":
              spec: nonsense
        """);
    assertThat(reportOfFailure(output, Shop.class))
        .contains("'invalidation.caches.[my_cache].spec'", "application.yml] - 4:13");
  }

  @Test
  void elementInYaml_isFoundByFileAndLine(CapturedOutput output) throws IOException {
    Files.writeString(
        directory.resolve("application.yml"),
        """
        invalidation:
          subscriptions:
          - cdc.*
          - " "
        """);
    assertThat(reportOfFailure(output, Shop.class))
        .contains("'invalidation.subscriptions[1]'", "application.yml] - 4:5");
  }

  @Test
  void valueInAnEnvironmentVariable_isNamedByTheVariable(CapturedOutput output) throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("INVALIDATION_NODENAME", " ", "INVALIDATION_MAXSTALENESS", "1m")));
    SpringApplication application = application(Shop.class);
    application.setEnvironment(environment);

    assertThat(reportOfFailure(output, application))
        .contains("'invalidation.node-name'", "INVALIDATION_NODENAME");
  }

  @Test
  void cacheThatIsNotAmongTheFixedOnes_stopsTheStart(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.caches.product.local-only=true",
                "spring.cache.cache-names=products"))
        .contains(
            "'invalidation.caches.product.local-only'",
            "application.properties] - 1:",
            "There is no cache 'product': spring.cache.cache-names is [products].",
            "Add 'product' to spring.cache.cache-names, or correct the name");
  }

  @Test
  void cacheNameThatNoMessageCarries_stopsTheStartUnlessTheCacheIsLocal(CapturedOutput output)
      throws IOException {
    String names = "spring.cache.cache-names[0]=a\\ud800";
    assertThat(reportOfFailure(output, Shop.class, names))
        .contains("'spring.cache.cache-names[0]'", "application.properties] - 1:")
        .contains("'cache' is 'a?', which has half of a surrogate pair", "rename the cache");

    write(names, "invalidation.enabled=false");
    try (ConfigurableApplicationContext context = application(Shop.class).run()) {
      assertThat(context.getBean(CacheManager.class).getCacheNames()).hasSize(1);
    }
  }

  @Test
  void subscriptionsWithinOneJvm_stopTheStart(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.subscriptions=cdc.*",
                "invalidation.transport=local"))
        .contains("'invalidation.subscriptions'", "application.properties] - 1:")
        .contains("Within one JVM there are no further channels");
  }

  @Test
  void shardedPubSubWithJedis_stopsTheStart(CapturedOutput output) throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "invalidation.transport=sharded-pubsub",
                "spring.data.redis.client-type=jedis"))
        .contains("Use Lettuce, Pub/Sub or the stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidation.transport=pubsub", "invalidation.connection-factory=mine"})
  void redisThatIsNotThere_stopsTheStart(String setting, CapturedOutput output) throws IOException {
    write(setting);
    SpringApplication application = application(Shop.class);
    application.setResourceLoader(
        new DefaultResourceLoader(
            new FilteredClassLoader("org.springframework.data.redis", "io.lettuce")));

    assertThat(reportOfFailure(output, application))
        .contains(setting.substring(0, setting.indexOf('=')), "application.properties] - 1:")
        .contains("There is no Redis connection factory. Add spring-boot-starter-data-redis");
  }

  @Test
  void severalConnectionFactories_stopTheStartUntilOneIsNamed(CapturedOutput output)
      throws IOException {
    assertThat(reportOfFailure(output, TwoFactories.class))
        .contains("invalidation.connection-factory is not set, but there are several")
        .contains("first", "second");

    write("invalidation.connection-factory=second");
    try (ConfigurableApplicationContext context = application(TwoFactories.class).run()) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  @Test
  void caffeineBeanWithWeakKeys_stopsTheStart(CapturedOutput output) throws IOException {
    assertThat(reportOfFailure(output, WeakKeys.class))
        .contains("The Caffeine bean is ", "weakKeys compares keys by identity");
  }

  @Test
  void staticMasterAndReplicas_stopTheStartWithThePropertyAndTheRemedy(CapturedOutput output)
      throws IOException {
    assertThat(
            reportOfFailure(
                output,
                Shop.class,
                "spring.data.redis.masterreplica.nodes=localhost:1,localhost:2",
                "spring.data.redis.client-type=lettuce"))
        .contains("'spring.data.redis.masterreplica.nodes'", "application.properties] - 1:")
        .contains("cannot subscribe", "set spring.data.redis.host to the master");
  }

  @Test
  void beanWithStaticMasterAndReplicas_stopsTheStartWithTheRemedy(CapturedOutput output)
      throws IOException {
    assertThat(reportOfFailure(output, MasterAndReplicas.class))
        .contains("static master/replica", "name another one in invalidation.connection-factory");
  }

  /** Writes the settings into a file, starts the application, and returns its output. */
  private String reportOfFailure(CapturedOutput output, Class<?> source, String... settings)
      throws IOException {
    write(settings);
    return reportOfFailure(output, application(source));
  }

  private void write(String... settings) throws IOException {
    Files.write(directory.resolve("application.properties"), List.of(settings));
  }

  private SpringApplication application(Class<?> source) {
    SpringApplication application = new SpringApplication(source);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setDefaultProperties(
        Map.of(
            "spring.config.location",
            directory.toUri().toString(),
            "spring.main.banner-mode",
            "off"));
    return application;
  }

  private static String reportOfFailure(CapturedOutput output, SpringApplication application) {
    int before = output.getOut().length();
    assertThatThrownBy(() -> application.run().close()).isNotNull();
    String report = output.getOut().substring(before);
    int start = report.indexOf("APPLICATION FAILED TO START");
    assertThat(start).as("report of the failure in %s", report).isNotNegative();
    assertThat(report).as("report of the failure").doesNotContain("\tat ");
    return report.substring(start);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    AopAutoConfiguration.class,
    DataRedisAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class,
    CacheInvalidationMetricsAutoConfiguration.class
  })
  static class Shop {}

  @Configuration(proxyBeanMethods = false)
  static class TwoFactories extends Shop {

    @Bean
    RedisConnectionFactory first() {
      return new JedisConnectionFactory();
    }

    @Bean
    RedisConnectionFactory second() {
      return new JedisConnectionFactory();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class MasterAndReplicas extends Shop {

    @Bean
    RedisConnectionFactory factory() {
      return new LettuceConnectionFactory(
          new RedisStaticMasterReplicaConfiguration("localhost", 1));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WeakKeys extends Shop {

    @Bean
    Caffeine<Object, Object> caffeine() {
      return Caffeine.newBuilder().weakKeys();
    }
  }
}
