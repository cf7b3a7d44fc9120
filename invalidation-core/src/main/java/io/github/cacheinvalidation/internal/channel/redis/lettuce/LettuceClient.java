package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private final Connector connector;

  LettuceClient(LettuceSettings application, RedisChannelSettings settings) {
    ClientResources shared = application.resources();
    this.timer = shared == null ? null : new ClosableTimer(shared.timer());
    this.resources = resources(shared, timer, eventLoop);
    try {
      application.servers().forEach(server -> prepare(server, settings));
      this.connector =
          Connector.of(
              application, resources, clientOptions(application.options(), settings.timeout()));
    } catch (RuntimeException | Error broken) {
      endResources();
      throw broken;
    }
  }

  private static void prepare(RedisURI server, RedisChannelSettings settings) {
    server.setClientName(settings.clientName());
    server.setTimeout(ConnectTimeout.patience(settings.timeout()));
    server.getSentinels().forEach(sentinel -> prepare(sentinel, settings));
  }

  /**
   * Copies the application's resources one by one: {@code mutate()} would build resources that shut
   * down the application's together with ours. Latencies are recorded, but only the application
   * publishes them. Commands are not traced: there is a check each second, and messages have traces
   * of their own.
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
          .timer(timer);
    }
    return builder.build();
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

  /** Returns a new connection. Waits. */
  LettuceConnection connect() {
    return connector.connect();
  }

  /** Returns a new connection that can subscribe. Waits. */
  StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe() {
    return connector.connectToSubscribe();
  }

  /** Returns a new connection to the server that has the slot of a shard channel. Waits. */
  StatefulRedisPubSubConnection<byte[], byte[]> connectToShard(byte[] channel) {
    return connector.connectToShard(channel);
  }

  /** Runs a task on the event loop. Returns false if the event loop is not running. */
  boolean tryExecute(Runnable task) {
    return eventLoop.tryExecute(task);
  }

  /** Closes the connections and their shared resources. */
  @Override
  public void close() {
    connector.shutdown(LONGEST_END);
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
