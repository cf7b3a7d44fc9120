package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The clients of an application, as it chooses them. */
enum Client {
  /** What the starter brings. */
  LETTUCE_ALONE("Lettuce alone") {
    @Override
    ApplicationContextRunner configure(
        ApplicationContextRunner application, List<TestRedis> servers) {
      return application.withClassLoader(new FilteredClassLoader("org.springframework.data"));
    }
  },
  LETTUCE("Lettuce") {
    @Override
    ApplicationContextRunner configure(
        ApplicationContextRunner application, List<TestRedis> servers) {
      return application.withPropertyValues("spring.data.redis.client-type=lettuce");
    }
  },
  JEDIS("Jedis") {
    @Override
    ApplicationContextRunner configure(
        ApplicationContextRunner application, List<TestRedis> servers) {
      return application.withPropertyValues("spring.data.redis.client-type=jedis");
    }
  },
  REDISSON("Redisson") {
    @Override
    ApplicationContextRunner configure(
        ApplicationContextRunner application, List<TestRedis> servers) {
      return application.withBean(RedisConnectionFactory.class, () -> redisson(servers.get(0)));
    }
  };

  private final String title;

  Client(String title) {
    this.title = title;
  }

  abstract ApplicationContextRunner configure(
      ApplicationContextRunner application, List<TestRedis> servers);

  /** By reflection, because only the Maven profile of these tests has Redisson. */
  private static RedisConnectionFactory redisson(TestRedis redis) {
    String yaml =
        "singleServerConfig: {address: 'redis://%s:%d', connectionMinimumIdleSize: 1}"
            .formatted(redis.host(), redis.port());
    try {
      Object config =
          Class.forName("org.redisson.config.Config")
              .getMethod("fromYAML", String.class)
              .invoke(null, yaml);
      return Class.forName("org.redisson.spring.data.connection.RedissonConnectionFactory")
          .asSubclass(RedisConnectionFactory.class)
          .getConstructor(config.getClass())
          .newInstance(config);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("Redisson is missing: use the profile 'servers'", failure);
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
