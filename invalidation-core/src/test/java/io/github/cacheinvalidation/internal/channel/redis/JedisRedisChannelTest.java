package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The channel over Redis with Jedis. */
class JedisRedisChannelTest {

  private static TestRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** The contract of every channel. */
  @Nested
  class AnyChannel extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(redis.jedis(), channelName);
    }
  }

  @Nested
  class Inspections extends RedisInspectionContract {

    Inspections() {
      super(redis, TestRedis::jedis);
    }
  }

  @Nested
  class Log extends RedisLogContract {

    Log() {
      super(redis, TestRedis::jedis);
    }
  }

  @Nested
  class Refusals extends RedisRefusalsContract {

    Refusals() {
      super(redis, TestRedis::jedis);
    }
  }

  @Nested
  class Groups extends RedisGroupContract {

    Groups() {
      super(redis, TestRedis::jedis);
    }
  }

  @Nested
  class GroupLosses extends RedisGroupLossContract {

    GroupLosses() {
      super(redis, TestRedis::jedis);
    }
  }

  @Nested
  class Connections extends RedisConnectionsContract {

    Connections() {
      super(redis, TestRedis::jedis);
    }
  }
}
