package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A client of Lettuce of our own, with one event loop of its own. All else that the application set
 * (resources, encryption, credentials, options) stays, except that connecting and commands time out
 * early, commands go to the master and are refused while there is no connection, and that nothing
 * reconnects by itself. A connection has the timeout of connecting until it is given another.
 */
final class LettuceClient implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(LettuceClient.class);

  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final OwnEventLoop eventLoop = new OwnEventLoop();
  private final @Nullable ClosableTimer timer;
  private final ClientResources resources;
  private final LettuceConnectionFactory factory;

  LettuceClient(LettuceConnectionFactory application, RedisChannelSettings settings) {
    LettuceClientConfiguration configuration = application.getClientConfiguration();
    ClientResources shared = configuration.getClientResources().orElse(null);
    this.timer = shared == null ? null : new ClosableTimer(shared.timer());
    this.resources = resources(shared, timer, eventLoop);
    try {
      this.factory =
          new LettuceConnectionFactory(
              configurationOf(application),
              clientConfiguration(configuration, resources, settings));
      factory.setShareNativeConnection(false);
      factory.setValidateConnection(false);
      factory.afterPropertiesSet();
    } catch (RuntimeException | Error broken) {
      endResources();
      throw broken;
    }
  }

  private static RedisConfiguration configurationOf(LettuceConnectionFactory application) {
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
   * Each of the application's resources is set by itself, since what {@code mutate()} builds would
   * end them with ours. Latencies are recorded, but published by the application alone.
   */
  private static ClientResources resources(
      @Nullable ClientResources application,
      @Nullable ClosableTimer timer,
      OwnEventLoop eventLoop) {
    ClientResources.Builder builder =
        ClientResources.builder()
            .eventLoopGroupProvider(eventLoop)
            .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled());
    if (application != null && timer != null) {
      builder
          .addressResolverGroup(application.addressResolverGroup())
          .commandLatencyRecorder(application.commandLatencyRecorder())
          .eventBus(application.eventBus())
          .eventExecutorGroup(application.eventExecutorGroup())
          .nettyCustomizer(application.nettyCustomizer())
          .socketAddressResolver(application.socketAddressResolver())
          .timer(timer)
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
        .clientName(settings.clientName())
        .commandTimeout(ConnectTimeout.patience(settings.timeout()))
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

  /** Returns a connection of its own, which connects when it is used first. */
  RedisConnection connection() {
    return factory.getConnection();
  }

  /** Has a task run on the event loop; returns false if it does not run, or not any more. */
  boolean tryExecute(Runnable task) {
    return eventLoop.tryExecute(task);
  }

  /** Ends the connections, and what they share. */
  @Override
  public void close() {
    factory.destroy();
    endResources();
  }

  private void endResources() {
    if (timer != null) {
      timer.stop();
    }
    end(resources.shutdown(0, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS));
    end(eventLoop.shutdown(0, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static void end(Future<?> ending) {
    if (!ending.awaitUninterruptibly(LONGEST_END.toMillis())) {
      logger.debug("What connections share did not end within {}", LONGEST_END);
    }
  }
}
