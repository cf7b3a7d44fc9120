package io.github.cacheinvalidation.channel.redis;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The channel over Redis with Lettuce. */
class LettuceRedisChannelTests extends RedisChannelContract {

  @Override
  RedisConnectionFactory factory(
      TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer) {
    return redis.lettuce(customizer);
  }

  @Test
  void aChannelWithThreadsOfItsOwn_leavesNone() {
    try (TestRedis redis = TestRedis.started()) {
      LettuceConnectionFactory application =
          new LettuceConnectionFactory(redis.host(), redis.port());
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      Channel channel =
          RedisChannel.open(
              application,
              new RedisChannelSettings("threads", "node", 1, 1, List.of(), Duration.ofSeconds(2)));
      channel.subscribe(new RecordingSubscriber());
      channel.check();

      channel.close();

      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .filter(thread -> !before.contains(thread))
                      .map(Thread::getName)
                      .noneMatch(
                          name ->
                              name.startsWith("lettuce-")
                                  || name.startsWith("cache-invalidation-")));
    }
  }
}
