package io.github.cacheinvalidation.channel.redis;

import io.github.cacheinvalidation.channel.ChannelException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.Future;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.StaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Connections of Lettuce, from a client of our own with one event loop of its own. All else that
 * the application set (resources, encryption, credentials, options) stays, except that commands
 * time out early, go to the master, are refused while there is no connection, and that nothing
 * reconnects by itself.
 */
final class LettuceDriver implements Driver {

  private static final Logger logger = LoggerFactory.getLogger(LettuceDriver.class);

  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final OwnEventLoop eventLoop = new OwnEventLoop();
  private final ClientResources resources;
  private final LettuceConnectionFactory factory;

  LettuceDriver(LettuceConnectionFactory application, RedisChannelSettings settings) {
    LettuceClientConfiguration configuration = application.getClientConfiguration();
    this.resources = resources(configuration.getClientResources().orElse(null), eventLoop);
    this.factory =
        new LettuceConnectionFactory(
            configurationOf(application), clientConfiguration(configuration, resources, settings));
    factory.setShareNativeConnection(false);
    factory.setValidateConnection(false);
    factory.afterPropertiesSet();
  }

  private static RedisConfiguration configurationOf(LettuceConnectionFactory application) {
    refuseStaticMasterReplica(application);
    if (application.getSentinelConfiguration() != null) {
      return application.getSentinelConfiguration();
    }
    if (application.getClusterConfiguration() != null) {
      return application.getClusterConfiguration();
    }
    if (application.getSocketConfiguration() != null) {
      return application.getSocketConfiguration();
    }
    return application.getStandaloneConfiguration();
  }

  /**
   * No public method tells such a factory from a standalone one, and Spring cannot subscribe there.
   */
  private static void refuseStaticMasterReplica(LettuceConnectionFactory application) {
    Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, "configuration");
    if (field != null && field.trySetAccessible()) {
      if (ReflectionUtils.getField(field, application)
          instanceof StaticMasterReplicaConfiguration) {
        throw new IllegalArgumentException(
            "'application' must not be a static master/replica configuration, over which Spring"
                + " Data Redis cannot subscribe; configure a standalone server, Sentinel, or a"
                + " cluster");
      }
    }
  }

  /**
   * Each of the application's resources is set by itself, since what {@code mutate()} builds would
   * end them with ours. Latencies are recorded, but published by the application alone.
   */
  private static ClientResources resources(
      @Nullable ClientResources application, OwnEventLoop eventLoop) {
    ClientResources.Builder builder =
        ClientResources.builder()
            .eventLoopGroupProvider(eventLoop)
            .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled());
    if (application != null) {
      builder
          .addressResolverGroup(application.addressResolverGroup())
          .commandLatencyRecorder(application.commandLatencyRecorder())
          .eventBus(application.eventBus())
          .eventExecutorGroup(application.eventExecutorGroup())
          .nettyCustomizer(application.nettyCustomizer())
          .socketAddressResolver(application.socketAddressResolver())
          .timer(application.timer())
          .tracing(application.tracing());
    }
    return builder.build();
  }

  private static LettuceClientConfiguration clientConfiguration(
      LettuceClientConfiguration application,
      ClientResources resources,
      RedisChannelSettings settings) {
    LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder();
    if (application.isUseSsl()) {
      var ssl = builder.useSsl().verifyPeer(application.getVerifyMode());
      if (application.isStartTls()) {
        ssl.startTls();
      }
    }
    application
        .getRedisCredentialsProviderFactory()
        .ifPresent(builder::redisCredentialsProviderFactory);
    ClientOptions options = application.getClientOptions().orElseGet(ClientOptions::create);
    return builder
        .clientResources(resources)
        .clientOptions(clientOptions(options, settings.timeout()))
        .clientName(Drivers.clientName(settings))
        .commandTimeout(settings.timeout())
        .shutdownQuietPeriod(Duration.ZERO)
        .shutdownTimeout(application.getShutdownTimeout())
        .build();
  }

  private static ClientOptions clientOptions(ClientOptions application, Duration timeout) {
    SocketOptions socket = application.getSocketOptions();
    return application
        .mutate()
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.enabled())
        .socketOptions(
            socket
                .mutate()
                .connectTimeout(ConnectTimeout.bounded(socket.getConnectTimeout(), timeout))
                .build())
        .build();
  }

  @Override
  public RedisConnection connect() {
    RedisConnection connection = factory.getConnection();
    connection.getNativeConnection(); // connects, which Lettuce puts off until it must
    return connection;
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return eventLoop.tryExecute(task);
  }

  @Override
  @SuppressWarnings("unchecked") // the connections of Spring Data Redis are of bytes
  public @Nullable CompletionStage<?> beginScript(
      RedisConnection connection, String digest, byte[]... keyAndArguments) {
    byte[][] keys = {keyAndArguments[0]};
    byte[][] arguments = Arrays.copyOfRange(keyAndArguments, 1, keyAndArguments.length);
    return connection.getNativeConnection() instanceof RedisScriptingAsyncCommands<?, ?> commands
        ? ((RedisScriptingAsyncCommands<byte[], byte[]>) commands)
            .evalsha(digest, ScriptOutputType.VALUE, keys, arguments)
        : null;
  }

  @Override
  @SuppressWarnings("unchecked") // the connections of Spring Data Redis are of bytes
  public @Nullable CompletionStage<?> beginPublish(
      RedisConnection connection, byte[] channel, byte[] message) {
    return connection.getNativeConnection() instanceof BaseRedisAsyncCommands<?, ?> commands
        ? ((BaseRedisAsyncCommands<byte[], byte[]>) commands).publish(channel, message)
        : null;
  }

  @Override
  public Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost) {
    RedisConnection connection = factory.getConnection();
    try {
      connection.subscribe(listener, topics.channelBytes());
      StatefulRedisPubSubConnection<?, ?> wire = wireOf(connection);
      wire.addListener(new LossListener(lost));
      if (!wire.isOpen()) {
        throw new ChannelException("the connection broke while it was made", null);
      }
      if (!topics.patterns().isEmpty() && connection.getSubscription() != null) {
        connection.getSubscription().pSubscribe(topics.patternBytes());
      }
      return () -> close(wire);
    } catch (RuntimeException failure) {
      lost.accept(failure); // first, so that the reason is not that we closed it
      connection.close();
      throw failure;
    }
  }

  private static void close(StatefulRedisPubSubConnection<?, ?> wire) {
    CompletableFuture<?> unused =
        wire.closeAsync()
            .whenComplete(
                (closed, failure) -> {
                  if (failure != null) {
                    logger.debug("A subscription did not close in order", failure);
                  }
                });
  }

  private static StatefulRedisPubSubConnection<?, ?> wireOf(RedisConnection connection) {
    return ((RedisPubSubAsyncCommands<?, ?>) connection.getNativeConnection())
        .getStatefulConnection();
  }

  @Override
  public @Nullable String answerIn(Throwable failure) {
    return ServerErrors.messageOf(RedisCommandExecutionException.class, failure);
  }

  @Override
  public boolean encrypts() {
    return factory.isUseSsl();
  }

  @Override
  public void close() {
    factory.destroy();
    end(resources.shutdown(0, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS));
    end(eventLoop.shutdown(0, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static void end(Future<?> ending) {
    if (!ending.awaitUninterruptibly(LONGEST_END.toMillis())) {
      logger.debug("What connections share did not end within {}", LONGEST_END);
    }
  }

  /** Hears, on the event loop, when the connection ends. */
  private record LossListener(Consumer<Throwable> lost) implements RedisConnectionStateListener {

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      lost.accept(new ChannelException("the connection has ended", null));
    }
  }
}
