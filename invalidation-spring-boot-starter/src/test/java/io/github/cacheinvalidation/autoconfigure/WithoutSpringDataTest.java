package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import redis.embedded.RedisCluster;

/** An application without Spring Data Redis reaches Redis with Lettuce alone. */
class WithoutSpringDataTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final TestRedis REDIS = TestRedis.stopped();

  private final ApplicationContextRunner application =
      Applications.plain()
          .withClassLoader(new FilteredClassLoader("org.springframework.data"))
          .withPropertyValues("invalidation.channel=test:" + UUID.randomUUID());

  @BeforeAll
  static void startRedis() {
    REDIS.start();
    REDIS.command("ACL", "SETUSER", "shop", "on", ">secret", "~*", "&*", "+@all");
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @Test
  void hostAndPort_reachTheServer() {
    assertShareInvalidations(at("host=" + REDIS.host(), "port=" + REDIS.port()));
  }

  @Test
  void database_isUsed() {
    String[] settings = {"host=" + REDIS.host(), "port=" + REDIS.port(), "database=3"};

    assertShareInvalidations(at(settings));

    assertThat(REDIS.infoOf("keyspace", "db3")).contains("keys=1");
  }

  @Test
  void userAndPassword_areUsed() {
    assertShareInvalidations(
        at("host=" + REDIS.host(), "port=" + REDIS.port(), "username=shop", "password=secret"));
    assertThat(REDIS.command("ACL", "LOG", "1").toString()).isEqualTo("[]");
  }

  @Test
  void url_comesBeforeTheHost() {
    assertShareInvalidations(
        at("host=nowhere", "url=redis://shop:secret@" + REDIS.host() + ":" + REDIS.port() + "/5"));

    assertThat(REDIS.infoOf("keyspace", "db5")).contains("keys=1");
  }

  @Test
  void sentinels_nameTheMaster() {
    RedisCluster servers =
        RedisCluster.builder()
            .ephemeral()
            .sentinelCount(1)
            .quorumSize(1)
            .replicationGroup("m1", 1)
            .build();
    servers.start();
    try {
      assertShareInvalidations(
          at("sentinel.master=m1", "sentinel.nodes=127.0.0.1:" + servers.sentinelPorts().get(0)));
    } finally {
      servers.stop();
    }
  }

  @Test
  void cluster_isReached(@TempDir Path directory) {
    try (TestRedis redis =
        TestRedis.started(
            "cluster-enabled yes", "cluster-config-file nodes.conf", "dir " + directory)) {
      redis.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      await()
          .atMost(PATIENCE)
          .until(() -> redis.command("CLUSTER", "INFO").toString().contains("state:ok"));

      assertShareInvalidations(at("cluster.nodes=" + redis.host() + ":" + redis.port()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url=http://redis | spring.data.redis.url",
        "url=redis://redis/first | redis://user:password@host:port/database",
        "sentinel.nodes=one:26379 | spring.data.redis.sentinel.master",
        "cluster.nodes=one | spring.data.redis.cluster.nodes",
        "cluster.nodes[0]=one:first | spring.data.redis.cluster.nodes[0]",
        "client-type=jedis | add spring-boot-starter-data-redis and Jedis",
        "ssl.bundle=unknown | Declare it below spring.ssl.bundle",
        "masterreplica.nodes=one:6379 | Remove spring.data.redis.masterreplica.nodes"
      })
  void unusableSetting_stopsTheStart_withTheRemedy(String setting, String remedy) {
    at(setting)
        .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(remedy));
  }

  @Test
  void connectionFactoryThatIsNamed_needsSpringData() {
    application
        .withPropertyValues("invalidation.connection-factory=second")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("invalidation.connection-factory")
                    .hasMessageContaining("Add spring-boot-starter-data-redis"));
  }

  private ApplicationContextRunner at(String... settings) {
    ApplicationContextRunner configured = application;
    for (String setting : settings) {
      configured = configured.withPropertyValues("spring.data.redis." + setting);
    }
    return configured;
  }

  private static void assertShareInvalidations(ApplicationContextRunner application) {
    application.run(
        one ->
            application.run(
                other -> {
                  assertThat(one).doesNotHaveBean(RedisConnectionFactory.class);
                  joined(one);
                  joined(other);
                  Cache cache = cache(other);
                  cache.get(1, () -> "old");

                  one.getBean(CacheInvalidator.class).evict("products", 1);

                  await().atMost(PATIENCE).until(() -> cache.get(1) == null);
                }));
  }

  private static void joined(ApplicationContext context) throws InterruptedException {
    assertThat(context.getBean(InvalidationNode.class).awaitJoined(PATIENCE)).isTrue();
  }

  private static Cache cache(ApplicationContext context) {
    return Objects.requireNonNull(context.getBean(CacheManager.class).getCache("products"));
  }
}
