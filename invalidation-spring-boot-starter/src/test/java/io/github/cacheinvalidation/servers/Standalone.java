package io.github.cacheinvalidation.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.architecture.Checkout;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.data.redis.autoconfigure.JedisClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import redis.clients.jedis.DefaultRedisCredentials;

/** One server, which several tests use one after the other. */
final class Standalone extends Arrangement {

  private final SharedServer server;

  private final TestRedis redis;

  private final Topology topology;

  private final Transport transport;

  private volatile String password = "old";

  Standalone(SharedServer server, Topology topology, Transport transport) throws IOException {
    this.server = server;
    this.redis = server.redis();
    this.topology = topology;
    this.transport = transport;
    redis.command("FLUSHALL");
    if (topology == Topology.LEAST_RIGHTS) {
      documentedUser();
    } else if (topology == Topology.PASSWORD_CHANGED) {
      redis.command("ACL", "SETUSER", "shop", "reset", "on", ">old", "~*", "&*", "+@all");
    }
  }

  /** The commands of docs/configuration.md, as they are there. */
  private void documentedUser() throws IOException {
    redis.command("ACL", "DELUSER", "shop");
    redis.command(documented("redis-user"));
    if (transport != Transport.PUBSUB) {
      redis.command(documented("redis-user-" + transport.text()));
    }
  }

  private static String[] documented(String marker) throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/configuration.md"));
    Matcher block = Pattern.compile("<!-- " + marker + " -->\\s*```\\s*([^`]*)```").matcher(page);
    assertThat(block.find()).as(marker).isTrue();
    return block.group(1).strip().split("\\s+");
  }

  @Override
  List<TestRedis> servers() {
    return List.of(redis);
  }

  @Override
  ApplicationContextRunner configure(ApplicationContextRunner application) {
    ApplicationContextRunner configured =
        application.withPropertyValues(
            "spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port());
    return switch (topology) {
      case LEAST_RIGHTS ->
          configured.withPropertyValues(
              "spring.data.redis.username=shop", "spring.data.redis.password=secret");
      case PASSWORD_CHANGED -> providingThePassword(configured);
      case ENCRYPTED ->
          configured.withPropertyValues(
              "spring.data.redis.port=" + server.encryptedPort(),
              "spring.data.redis.ssl.bundle=redis",
              "spring.ssl.bundle.pem.redis.truststore.certificate=" + server.certificate());
      case UNIX_SOCKET ->
          configured.withBean(
              RedisConnectionFactory.class,
              () -> new LettuceConnectionFactory(new RedisSocketConfiguration(server.socket())));
      case DATABASE_3 -> configured.withPropertyValues("spring.data.redis.database=3");
      default -> configured;
    };
  }

  @Override
  void happen(Fleet fleet) {
    switch (topology) {
      case PASSWORD_CHANGED -> changePassword(fleet);
      case DATABASE_3 -> assertThat(redis.infoOf("keyspace", "db3")).contains("keys=1");
      case MEMORY_FULL -> {
        redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> redis.command("SET", "other", "v")).hasMessageContaining("OOM");
        fleet.assertCoherent();
        redis.command("SCRIPT", "FLUSH");
        fleet.assertCoherent();
        assertThat(Fleet.observer(fleet.first).publicationsFailed).hasValue(0);
        assertThat(Fleet.observer(fleet.second).checksFailed).hasValue(0);
      }
      case LEAST_RECENTLY_USED_EVICTED -> {
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        long used = Long.parseLong(redis.infoOf("memory", "used_memory"));
        redis.command("CONFIG", "SET", "maxmemory", String.valueOf(used + 3_000_000));
        for (int key = 0; key < 1_000; key++) {
          redis.command("SET", "other" + key, "v".repeat(10_000));
        }
        assertThat(redis.infoOf("stats", "evicted_keys")).isNotEqualTo("0");
        fleet.assertCoherent();
      }
      default -> {}
    }
  }

  @Override
  boolean mayLoseMessages() {
    return topology == Topology.LEAST_RECENTLY_USED_EVICTED; // the log may be the evicted key
  }

  /** The application provides the new password; then the old one is removed. */
  private void changePassword(Fleet fleet) {
    redis.command("ACL", "SETUSER", "shop", ">new");
    password = "new";
    redis.command("ACL", "SETUSER", "shop", "<old");
    redis.command("CLIENT", "KILL", "USER", "shop");
    fleet.assertCoherent();
    fleet.assertNothingCleared();
  }

  /** Providers that both clients ask before each connection. */
  private ApplicationContextRunner providingThePassword(ApplicationContextRunner application) {
    return application
        .withBean(
            LettuceClientConfigurationBuilderCustomizer.class,
            () ->
                client ->
                    client.redisCredentialsProviderFactory(
                        new RedisCredentialsProviderFactory() {
                          @Override
                          public RedisCredentialsProvider createCredentialsProvider(
                              RedisConfiguration configuration) {
                            return RedisCredentialsProvider.from(
                                () -> RedisCredentials.just("shop", password));
                          }
                        }))
        .withBean(
            JedisClientConfigurationBuilderCustomizer.class,
            () ->
                client ->
                    client.customize(
                        config ->
                            config.credentialsProvider(
                                () -> new DefaultRedisCredentials("shop", password))));
  }

  @Override
  public void close() {
    redis.command("CONFIG", "SET", "maxmemory", "0");
  }
}
