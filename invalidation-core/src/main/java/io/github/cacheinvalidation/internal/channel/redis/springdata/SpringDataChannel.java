package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.redis.RedisChannel;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceDriver;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Opens a channel to the server of a connection factory of the application. Chooses the driver that
 * fits the factory. Lettuce or Jedis may be absent.
 */
public final class SpringDataChannel {

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

  private SpringDataChannel() {}

  /**
   * Opens a channel without connecting, so this succeeds while Redis is down.
   *
   * @param application the application's connection factory, of Lettuce, Jedis, or another client;
   *     it is not closed. With another client, connections come from the factory itself, and the
   *     database number is assumed to be 0
   * @param settings the settings of the channel on this node
   * @return the channel, to be closed by the caller
   * @throws IllegalArgumentException if a channel cannot work with this factory
   */
  public static Channel open(RedisConnectionFactory application, RedisChannelSettings settings) {
    Choice choice = choose(application, settings);
    return RedisChannel.open(choice.driver(), choice.database(), settings);
  }

  static Choice choose(RedisConnectionFactory application, RedisChannelSettings settings) {
    if (LETTUCE && application instanceof LettuceConnectionFactory lettuce) {
      return new Choice(
          new LettuceDriver(LettuceFactory.target(lettuce), settings), lettuce.getDatabase());
    }
    if (settings.feed() == FeedKind.SHARDED_PUBSUB) {
      throw new IllegalArgumentException(
          "'application' must be of Lettuce for sharded Pub/Sub, which Spring Data Redis does not"
              + " have with another client. Use Lettuce, Pub/Sub or the stream");
    }
    if (JEDIS && application instanceof JedisConnectionFactory jedis) {
      return new Choice(new JedisDriver(jedis, settings), jedis.getDatabase());
    }
    return new Choice(new GenericDriver(application), 0);
  }

  private static boolean isPresent(String className) {
    return ClassUtils.isPresent(className, SpringDataChannel.class.getClassLoader());
  }
}
