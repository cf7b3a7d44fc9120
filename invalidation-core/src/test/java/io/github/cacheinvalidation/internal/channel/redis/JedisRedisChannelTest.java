package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.testing.TestRedis;
import java.util.function.Consumer;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** The channel over Redis with Jedis. */
class JedisRedisChannelTest extends RedisChannelContract {

  @Override
  RedisConnectionFactory factory(
      TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer) {
    return redis.jedis(customizer);
  }
}
