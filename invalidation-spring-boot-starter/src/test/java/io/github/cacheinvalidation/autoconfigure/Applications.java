package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.autoconfigure.metrics.CacheInvalidationMetricsAutoConfiguration;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.UUID;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications with the starter, as small as they can be. */
public final class Applications {

  /** The starter and its dependencies. */
  static final AutoConfigurations STARTER =
      AutoConfigurations.of(
          AopAutoConfiguration.class,
          DataRedisAutoConfiguration.class,
          CacheAutoConfiguration.class,
          CacheInvalidationAutoConfiguration.class,
          CacheInvalidationMetricsAutoConfiguration.class);

  private Applications() {}

  /** An application that has added the dependency and nothing else. */
  public static ApplicationContextRunner plain() {
    return new ApplicationContextRunner().withConfiguration(STARTER);
  }

  /** An application on a channel of its own within this JVM. */
  public static ApplicationContextRunner local() {
    return plain()
        .withPropertyValues(
            "invalidation.transport=local", "invalidation.channel=" + UUID.randomUUID());
  }

  /** An application over the given Redis. */
  public static ApplicationContextRunner over(TestRedis redis) {
    return plain()
        .withPropertyValues(
            "spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port());
  }
}
