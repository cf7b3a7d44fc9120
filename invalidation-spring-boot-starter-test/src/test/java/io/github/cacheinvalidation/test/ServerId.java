package io.github.cacheinvalidation.test;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.testing.TestRedis;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The id that a Redis gives itself at each start. The status of a node begins with it. */
final class ServerId {

  private ServerId() {}

  static String of(TestRedis redis) {
    return of(redis.lettuce());
  }

  static String of(RedisConnectionFactory redis) {
    try (RedisConnection connection = redis.getConnection()) {
      return requireNonNull(
          requireNonNull(connection.serverCommands().info("server")).getProperty("run_id"));
    }
  }
}
