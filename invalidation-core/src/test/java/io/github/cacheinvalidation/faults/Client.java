package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.function.Consumer;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** The Redis clients that nodes may use. */
enum Client {
  LETTUCE,
  JEDIS;

  RedisConnectionFactory of(TestRedis redis) {
    return of(redis, server -> {});
  }

  /** Connects over a network. */
  RedisConnectionFactory of(TestRedis redis, TcpProxy network) {
    return of(redis, server -> server.setPort(network.port()));
  }

  /** Connects as a user; a password is needed only by the client. */
  RedisConnectionFactory of(TestRedis redis, String user) {
    return of(
        redis,
        server -> {
          server.setUsername(user);
          server.setPassword("secret");
        });
  }

  private RedisConnectionFactory of(
      TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer) {
    return this == LETTUCE ? redis.lettuce(customizer) : redis.jedis(customizer);
  }
}
