package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.testing.TestRedis;
import org.junit.jupiter.api.Nested;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Faults with Lettuce. */
class LettuceFaultsTest {

  @Nested
  class Servers extends ServerFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }
  }

  @Nested
  class Subscriptions extends SubscriptionFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }
  }

  @Nested
  class ForeignMessages extends ForeignMessagesContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }
  }

  @Nested
  class ForeignWriters extends ForeignWritersContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }
  }
}
