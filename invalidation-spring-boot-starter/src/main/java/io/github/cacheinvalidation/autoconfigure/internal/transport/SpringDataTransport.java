package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Creates the channel over Redis from a connection factory of the application. Loaded only if
 * Spring Data Redis is on the class path.
 */
final class SpringDataTransport {

  private static final String MASTER_REPLICA = "spring.data.redis.masterreplica.nodes";

  private final @Nullable String factoryName;

  private final SettingNames names;

  private final ConfigurableListableBeanFactory beans;

  SpringDataTransport(
      @Nullable String factoryName, SettingNames names, ConfigurableListableBeanFactory beans) {
    this.factoryName = factoryName;
    this.names = names;
    this.beans = beans;
  }

  /** Returns null if there is no connection factory bean. */
  @Nullable ChannelOpener opener(RedisChannelSettings settings) {
    RedisConnectionFactory factory = factory();
    return factory == null ? null : () -> open(factory, settings);
  }

  private Channel open(RedisConnectionFactory factory, RedisChannelSettings settings) {
    try {
      return SpringDataChannel.open(factory, settings);
    } catch (IllegalArgumentException unusable) {
      if (names.isSet(names.ofElement(MASTER_REPLICA, 0))) {
        throw staticMasterReplica();
      }
      throw new InvalidSettingException(
          "The channel cannot use the Redis connection factory: " + unusable.getMessage(),
          "Change the connection factory, or name another one in invalidation.connection-factory",
          unusable);
    }
  }

  private InvalidConfigurationPropertyValueException staticMasterReplica() {
    return new InvalidConfigurationPropertyValueException(
        names.ofElement(MASTER_REPLICA, 0),
        "",
        "Spring Data Redis cannot subscribe over a static list of a master and its replicas."
            + " Remove spring.data.redis.masterreplica.nodes, and set spring.data.redis.host to"
            + " the master, spring.data.redis.sentinel.* or spring.data.redis.cluster.*; or"
            + " declare a second connection factory for the channel, and name it in"
            + " invalidation.connection-factory");
  }

  private @Nullable RedisConnectionFactory factory() {
    String[] candidates = beans.getBeanNamesForType(RedisConnectionFactory.class, true, false);
    if (candidates.length == 0) {
      return null;
    }
    if (factoryName != null) {
      if (!Arrays.asList(candidates).contains(factoryName)) {
        throw new InvalidConfigurationPropertyValueException(
            "invalidation.connection-factory",
            factoryName,
            "The Redis connection factories are "
                + Arrays.toString(candidates)
                + ". Set it to one of these, or remove it to use the primary one");
      }
      return beans.getBean(factoryName, RedisConnectionFactory.class);
    }
    try {
      return beans.getBeanProvider(RedisConnectionFactory.class).getIfAvailable();
    } catch (NoUniqueBeanDefinitionException several) {
      throw new InvalidSettingException(
          "invalidation.connection-factory is not set, but there are several Redis connection"
              + " factories and none of them is primary: "
              + Arrays.toString(candidates),
          "Set invalidation.connection-factory to one of these, or mark one as @Primary",
          several);
    }
  }
}
