package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.channel.redis.RedisChannel;
import io.github.cacheinvalidation.channel.redis.RedisChannelSettings;
import io.github.cacheinvalidation.node.ChannelOpener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The way over Redis. Loaded only where Spring Data Redis is there. */
final class RedisTransport {

  private final @Nullable String factoryName;

  private final ConfigurableListableBeanFactory beans;

  RedisTransport(@Nullable String factoryName, ConfigurableListableBeanFactory beans) {
    this.factoryName = factoryName;
    this.beans = beans;
  }

  /** Returns null if there is no connection factory at all. */
  @Nullable ChannelOpener opener(RedisChannelSettings settings) {
    RedisConnectionFactory factory = factory();
    return factory == null ? null : () -> RedisChannel.open(factory, settings);
  }

  private @Nullable RedisConnectionFactory factory() {
    String[] names = beans.getBeanNamesForType(RedisConnectionFactory.class, true, false);
    if (names.length == 0) {
      return null;
    }
    if (factoryName != null) {
      if (!Arrays.asList(names).contains(factoryName)) {
        throw new InvalidSettingException(
            "invalidation.connection-factory is '"
                + factoryName
                + "', but the Redis connection factories are "
                + Arrays.toString(names),
            "Set it to one of these, or remove it to use the primary one");
      }
      return beans.getBean(factoryName, RedisConnectionFactory.class);
    }
    try {
      return beans.getBeanProvider(RedisConnectionFactory.class).getIfAvailable();
    } catch (NoUniqueBeanDefinitionException several) {
      throw new InvalidSettingException(
          "invalidation.connection-factory is not set, but there are several Redis connection"
              + " factories and none of them is primary: "
              + Arrays.toString(names),
          "Set invalidation.connection-factory to one of these, or mark one as @Primary");
    }
  }
}
