package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.LazyClient;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Makes Jedis connections with a connection factory of this channel. It keeps the application's
 * settings, except that commands time out early. There is a pool only with Sentinel and in a
 * cluster, where Jedis needs one. The pool connects when it is created, so the factory is created
 * with the first connection.
 */
final class JedisDriver implements Driver {

  /** The channel itself bounds its connections: three, and one for each group and further topic. */
  private static final int UNLIMITED = -1;

  private static final String UNIFIED = "useUnifiedJedis";

  private final JedisConnectionFactory application;
  private final JedisClientConfiguration configuration;
  private final Duration timeout;
  private final LazyClient<JedisConnectionFactory> factory;

  JedisDriver(JedisConnectionFactory application, RedisChannelSettings settings) {
    this.application = application;
    this.timeout = settings.timeout();
    this.configuration =
        clientConfiguration(
            application.getClientConfiguration(),
            application.getSentinelConfiguration() != null,
            application.getClusterConfiguration() == null
                ? ConnectTimeout.patience(timeout)
                : timeout, // a cluster client connects and reconnects by itself
            longestWait().plus(timeout),
            settings);
    this.factory =
        new LazyClient<>(
            this::started, JedisConnectionFactory::destroy, longestStart(application), timeout);
  }

  /** Jedis asks sentinels or cluster nodes one by one; each takes a connect and an answer. */
  private Duration longestStart(JedisConnectionFactory application) {
    RedisSentinelConfiguration sentinel = application.getSentinelConfiguration();
    RedisClusterConfiguration cluster = application.getClusterConfiguration();
    int servers = 1;
    if (sentinel != null) {
      servers = sentinel.getSentinels().size();
    } else if (cluster != null) {
      servers = cluster.getClusterNodes().size();
    }
    return ConnectTimeout.patience(timeout).multipliedBy(2L * servers);
  }

  private static JedisClientConfiguration clientConfiguration(
      JedisClientConfiguration application,
      boolean pooled,
      Duration firstRead,
      Duration blocking,
      RedisChannelSettings settings) {
    JedisClientConfigurationBuilder builder = JedisClientConfiguration.builder();
    if (application.isUseSsl()) {
      var ssl = builder.useSsl();
      application.getSslSocketFactory().ifPresent(ssl::sslSocketFactory);
      application.getSslParameters().ifPresent(ssl::sslParameters);
      application.getHostnameVerifier().ifPresent(ssl::hostnameVerifier);
    }
    if (pooled) {
      builder.usePooling().poolConfig(poolConfiguration(settings));
    }
    Duration connect = ConnectTimeout.bounded(application.getConnectTimeout(), settings.timeout());
    return builder
        .clientName(settings.clientName())
        .connectTimeout(connect)
        .readTimeout(firstRead)
        .customize(
            config -> {
              application.getCustomizer().ifPresent(customizer -> customizer.customize(config));
              config
                  .clientName(settings.clientName())
                  .connectionTimeoutMillis((int) connect.toMillis())
                  .socketTimeoutMillis((int) firstRead.toMillis());
              if (settings.feed() == FeedKind.STREAM) { // else a subscription may wait for ever
                config.blockingSocketTimeoutMillis((int) blocking.toMillis());
              }
            })
        .build();
  }

  private static GenericObjectPoolConfig<Object> poolConfiguration(RedisChannelSettings settings) {
    GenericObjectPoolConfig<Object> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(UNLIMITED);
    pool.setMaxIdle(UNLIMITED);
    pool.setMaxWait(settings.timeout());
    pool.setJmxEnabled(false);
    return pool;
  }

  private JedisConnectionFactory started() {
    JedisConnectionFactory made = create();
    keepConnectionsApart(made);
    made.afterPropertiesSet();
    return made;
  }

  /**
   * From Spring Data Redis 4.1 on, a connection can be a handle of a shared pool. Then a
   * subscription could not be closed, nor be told from another connection. The setting does not
   * exist in 4.0.
   */
  private static void keepConnectionsApart(JedisConnectionFactory factory) {
    BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(factory);
    if (properties.isWritableProperty(UNIFIED)) {
      properties.setPropertyValue(UNIFIED, false);
    }
  }

  private JedisConnectionFactory create() {
    if (application.getSentinelConfiguration() != null) {
      return new JedisConnectionFactory(application.getSentinelConfiguration(), configuration);
    }
    if (application.getClusterConfiguration() != null) {
      return new JedisConnectionFactory(application.getClusterConfiguration(), configuration);
    }
    if (application.getStandaloneConfiguration() != null) {
      return new JedisConnectionFactory(application.getStandaloneConfiguration(), configuration);
    }
    throw new IllegalStateException("The application's connection factory has no configuration");
  }

  @Override
  public Connection connect() {
    RedisConnection connection = factory.get().getConnection();
    if (connection.getNativeConnection() instanceof Jedis jedis) {
      try {
        connection.ping();
      } catch (RuntimeException failure) {
        if (answerIn(failure) == null) {
          connection.close();
          throw failure;
        }
      }
      jedis.getConnection().setSoTimeout((int) timeout.toMillis());
      return new SpringDataConnection(connection, jedis::disconnect);
    }
    return new SpringDataConnection(connection);
  }

  @Override
  public Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    RedisConnection connection = factory.get().getConnection();
    if (connection.getNativeConnection() instanceof Jedis jedis) {
      return new BlockingSubscription(
              connection, topic, listener, lost, jedis::disconnect, jedis::close)
          .canBeAsked()
          .started();
    }
    return new BlockingSubscription(connection, topic, listener, lost).canBeAsked().started();
  }

  @Override
  public @Nullable String answerIn(Throwable failure) {
    return ServerErrors.messageOf(JedisDataException.class, failure);
  }

  @Override
  public String server() {
    boolean alone =
        application.getSentinelConfiguration() == null
            && application.getClusterConfiguration() == null;
    return alone ? application.getHostName() + ":" + application.getPort() : "";
  }

  @Override
  public boolean encrypts() {
    return configuration.isUseSsl();
  }

  @Override
  public void close() {
    factory.close();
  }
}
