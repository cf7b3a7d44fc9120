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
 * A Lettuce client of this channel with its own event loop. It keeps the application's resources,
 * encryption, credentials and options, with these exceptions: connecting and commands time out
 * early; commands go to the master and are refused while there is no connection; and nothing
 * reconnects by itself. A new connection has the timeout of connecting until the caller changes it.
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
   * Copies the application's resources one by one: {@code mutate()} would build resources that shut
   * down the application's together with ours. Latencies are recorded, but only the application
   * publishes them.
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

  /** Returns a new, unshared connection, which connects at its first use. */
  RedisConnection connection() {
    return factory.getConnection();
  }

  /** Runs a task on the event loop. Returns false if the event loop is not running. */
  boolean tryExecute(Runnable task) {
    return eventLoop.tryExecute(task);
  }

  /** Closes the connections and their shared resources. */
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
      logger.debug("The resources of the connections did not end within {}", LONGEST_END);
    }
  }
}
