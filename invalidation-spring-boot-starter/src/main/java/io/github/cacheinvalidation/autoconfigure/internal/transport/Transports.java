package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.ClassUtils;

/**
 * Chooses the transport at run time. Bean conditions cannot do this: they are evaluated when the
 * application is built ahead of time.
 */
public final class Transports {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  public static final String SPRING_DATA =
      "org.springframework.data.redis.connection.RedisConnectionFactory";

  private static final String LETTUCE = "io.lettuce.core.RedisClient";

  private static final String CONNECTION_FACTORY = "invalidation.connection-factory";

  /** Shared by all contexts of this class loader, as a Redis server would be. */
  private static final LocalHub HUB = new LocalHub();

  private final InvalidationProperties properties;

  private final NodeSettings settings;

  private final ConfigurableListableBeanFactory beans;

  public Transports(
      InvalidationProperties properties,
      NodeSettings settings,
      ConfigurableListableBeanFactory beans) {
    this.properties = properties;
    this.settings = settings;
    this.beans = beans;
  }

  /**
   * A transport.
   *
   * @param opener opens its channel
   * @param transport which one; null if the node has none, or the one of a test
   */
  public record Chosen(ChannelOpener opener, @Nullable Transport transport) {

    /** Returns whether its messages reach other programs. */
    public boolean redis() {
      return transport != null && feed(transport) != null;
    }
  }

  public Chosen choose() {
    if (!properties.isEnabled()) {
      log.warn(
          "invalidation.enabled is false: caches receive no writes of other nodes. Remove it, or set"
              + " it to true, to receive them");
      return new Chosen(
          () -> {
            throw new IllegalStateException("invalidation.enabled is false");
          },
          null);
    }
    Transport wanted = properties.getTransport();
    ChannelOpener redis = wanted == Transport.LOCAL ? null : redis(wanted);
    return redis == null
        ? announced(local(), Transport.LOCAL)
        : announced(redis, orDefault(wanted));
  }

  private static Transport orDefault(@Nullable Transport wanted) {
    return wanted == null ? Transport.PUBSUB : wanted;
  }

  /** Returns the kind of feed over Redis; null if the transport does not use Redis. */
  private static @Nullable FeedKind feed(Transport transport) {
    return switch (transport) {
      case PUBSUB -> FeedKind.PUBSUB;
      case SHARDED_PUBSUB -> FeedKind.SHARDED_PUBSUB;
      case STREAM -> FeedKind.STREAM;
      case LOCAL -> null;
    };
  }

  /** Returns null if there is no connection to Redis and no setting requires one. */
  private @Nullable ChannelOpener redis(@Nullable Transport wanted) {
    FeedKind feed = Objects.requireNonNull(feed(orDefault(wanted)));
    RedisChannelSettings channel = settings.redisChannel().withFeed(feed);
    ChannelOpener redis = redis(channel);
    if (redis != null) {
      return redis;
    }
    if (wanted != null || properties.getConnectionFactory() != null) {
      throw new InvalidConfigurationPropertyValueException(
          wanted != null ? "invalidation.transport" : CONNECTION_FACTORY,
          wanted != null ? wanted.text() : properties.getConnectionFactory(),
          "There is no Redis connection factory. Add spring-boot-starter-data-redis with Lettuce or"
              + " Jedis, declare a RedisConnectionFactory bean, or set invalidation.transport to"
              + " local");
    }
    log.warn(
        "There is no Redis connection factory, so caches receive only the writes of this JVM. To"
            + " receive the writes of all nodes, add spring-boot-starter-data-redis with Lettuce or"
            + " Jedis. To avoid this line, set invalidation.transport to local");
    return null;
  }

  private @Nullable ChannelOpener redis(RedisChannelSettings channel) {
    if (isPresent(SPRING_DATA)) {
      return new SpringDataTransport(properties.getConnectionFactory(), settings.names(), beans)
          .opener(channel);
    }
    if (properties.getConnectionFactory() == null && isPresent(LETTUCE)) {
      return new LettuceTransport(settings.names(), beans).opener(channel);
    }
    return null;
  }

  private boolean isPresent(String type) {
    return ClassUtils.isPresent(type, beans.getBeanClassLoader());
  }

  private ChannelOpener local() {
    if (!properties.getSubscriptions().isEmpty()) {
      throw new InvalidConfigurationPropertyValueException(
          settings.names().ofElement("invalidation.subscriptions", 0),
          properties.getSubscriptions(),
          "Within one JVM there are no further channels. Remove invalidation.subscriptions, or use"
              + " Pub/Sub: invalidation.transport=pubsub");
    }
    String channel = settings.channel();
    return () -> HUB.open(channel, settings.namesOfCacheChannels());
  }

  private Chosen announced(ChannelOpener opener, Transport transport) {
    return new Chosen(
        () -> {
          Channel channel = opener.open();
          log.info(
              "Node '{}' joins channel '{}' over {}; staleness bound {}",
              settings.nodeName(),
              channel.name(),
              transport.text(),
              settings.maxStaleness());
          if (!settings.cacheChannels().isEmpty()) {
            log.info("Caches with a channel of their own: {}", settings.cacheChannels());
          }
          return channel;
        },
        transport);
  }
}
