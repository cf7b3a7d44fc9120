package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.testing.TestRedis;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Faults with Lettuce. */
class LettuceFaultsTest extends RedisFaultsContract {

  @Override
  RedisConnectionFactory factory(TestRedis redis) {
    return redis.lettuce();
  }
}
