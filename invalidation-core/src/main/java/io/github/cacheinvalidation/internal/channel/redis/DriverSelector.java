package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.GenericDriver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.jedis.JedisDriver;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceDriver;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/** Chooses the driver that fits a connection factory. Lettuce or Jedis may be absent. */
final class DriverSelector {

  static final String LETTUCE_CLASS = "io.lettuce.core.RedisClient";
  static final String JEDIS_CLASS = "redis.clients.jedis.Jedis";

  private static final boolean LETTUCE = isPresent(LETTUCE_CLASS);
  private static final boolean JEDIS = isPresent(JEDIS_CLASS);

  /**
   * A driver and its database.
   *
   * @param driver makes connections
   * @param database the database number of these connections
   */
  record Choice(Driver driver, int database) {}

  private DriverSelector() {}

  static Choice choose(RedisConnectionFactory application, RedisChannelSettings settings) {
    if (LETTUCE && application instanceof LettuceConnectionFactory lettuce) {
      return new Choice(new LettuceDriver(lettuce, settings), lettuce.getDatabase());
    }
    if (JEDIS && application instanceof JedisConnectionFactory jedis) {
      return new Choice(new JedisDriver(jedis, settings), jedis.getDatabase());
    }
    return new Choice(new GenericDriver(application), 0);
  }

  private static boolean isPresent(String className) {
    return ClassUtils.isPresent(className, DriverSelector.class.getClassLoader());
  }
}
