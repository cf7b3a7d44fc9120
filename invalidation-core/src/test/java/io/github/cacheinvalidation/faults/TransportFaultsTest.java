package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestRedis;
import org.junit.jupiter.api.Nested;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Faults of nodes that read the stream, and of nodes over sharded Pub/Sub. */
class TransportFaultsTest {

  @Nested
  class StreamAndServers extends ServerFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }

    @Override
    FeedKind feed() {
      return FeedKind.STREAM;
    }
  }

  @Nested
  class StreamAndSubscriptions extends SubscriptionFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }

    @Override
    FeedKind feed() {
      return FeedKind.STREAM;
    }
  }

  @Nested
  class ShardedAndServers extends ServerFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }

    @Override
    FeedKind feed() {
      return FeedKind.SHARDED_PUBSUB;
    }
  }

  @Nested
  class ShardedAndSubscriptions extends SubscriptionFaultsContract {

    @Override
    RedisConnectionFactory factory(TestRedis redis) {
      return redis.lettuce();
    }

    @Override
    FeedKind feed() {
      return FeedKind.SHARDED_PUBSUB;
    }
  }
}
