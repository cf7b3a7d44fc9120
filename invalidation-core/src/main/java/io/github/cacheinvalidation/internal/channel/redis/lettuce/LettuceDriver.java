package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.LazyClient;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConfiguration.StaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Makes Lettuce connections with a client of this channel. The client is created with the first
 * connection: it is slow to load, and the start of the application does not wait for that.
 */
public final class LettuceDriver implements Driver {

  public static final String CONFIGURATION_FIELD = "configuration";

  private static final Logger logger = LoggerFactory.getLogger(LettuceDriver.class);

  private final LettuceConnectionFactory application;
  private final RedisChannelSettings settings;
  private final LazyClient<LettuceClient> client;
  private final AtomicReference<CompletableFuture<Void>> closings =
      new AtomicReference<>(CompletableFuture.completedFuture(null));

  public LettuceDriver(LettuceConnectionFactory application, RedisChannelSettings settings) {
    refuseStaticMasterReplica(application);
    this.application = application;
    this.settings = settings;
    this.client =
        new LazyClient<>(
            () -> new LettuceClient(application, settings),
            this::close,
            ConnectTimeout.patience(settings.timeout()),
            settings.timeout());
  }

  /**
   * Refuses a configuration over which Spring cannot subscribe. No public method tells it from a
   * standalone configuration, so this reads a field.
   */
  private static void refuseStaticMasterReplica(LettuceConnectionFactory application) {
    Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, CONFIGURATION_FIELD);
    if (field != null && field.trySetAccessible()) {
      if (ReflectionUtils.getField(field, application)
          instanceof StaticMasterReplicaConfiguration) {
        throw new IllegalArgumentException(
            "'application' must not have a static master/replica configuration: Spring Data Redis"
                + " cannot subscribe over it. Configure a standalone server, Sentinel, or a"
                + " cluster");
      }
    }
  }

  @Override
  public RedisConnection connect() {
    RedisConnection connection = client.get().connection();
    connection.getNativeConnection(); // Lettuce connects only here
    try {
      if (!(connection instanceof RedisClusterConnection)) { // a cluster would ping every node
        connection.ping(); // loads the classes that commands need
      }
    } catch (RuntimeException failure) {
      if (answerIn(failure) == null) {
        connection.close();
        throw failure;
      }
    }
    ((AbstractRedisAsyncCommands<?, ?>) connection.getNativeConnection())
        .setTimeout(settings.timeout());
    return connection;
  }

  @Override
  public boolean tryExecute(Runnable task) {
    LettuceClient present = client.ifMade();
    return present != null && present.tryExecute(task);
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
  public @Nullable CompletionStage<?> beginPing(RedisConnection connection) {
    return connection.getNativeConnection() instanceof RedisAsyncCommands<?, ?> commands
        ? commands.ping()
        : null;
  }

  @Override
  public Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost) {
    RedisConnection connection = client.get().connection();
    try {
      connection.subscribe(listener, topics.channelBytes());
      StatefulRedisPubSubConnection<byte[], byte[]> wire = subscribedWireOf(connection);
      wire.addListener(new LossListener(lost));
      if (!wire.isOpen()) {
        throw new ChannelException("the connection ended while subscribing", null);
      }
      if (!topics.patterns().isEmpty() && connection.getSubscription() != null) {
        connection.getSubscription().pSubscribe(topics.patternBytes());
      }
      return new LettuceAttachment(wire, topics, () -> close(wire));
    } catch (RuntimeException failure) {
      lost.accept(failure); // before the close, so that the real reason is reported
      connection.close();
      throw failure;
    }
  }

  private void close(StatefulRedisPubSubConnection<?, ?> wire) {
    CompletableFuture<Void> closing =
        wire.closeAsync()
            .exceptionally(
                failure -> {
                  logger.debug("A subscription did not close cleanly", failure);
                  return null;
                });
    closings.accumulateAndGet(closing, CompletableFuture::allOf);
  }

  private void close(LettuceClient made) {
    awaitClosings();
    made.close();
  }

  /** Waits, because the client logs a warning for a connection that is already closing. */
  private void awaitClosings() {
    try {
      Objects.requireNonNull(closings.get())
          .get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException notInOrder) {
      logger.debug("Not all subscriptions closed cleanly", notInOrder);
    }
  }

  @SuppressWarnings("unchecked") // the connections of Spring Data Redis are of bytes
  private static StatefulRedisPubSubConnection<byte[], byte[]> subscribedWireOf(
      RedisConnection connection) {
    return ((RedisPubSubAsyncCommands<byte[], byte[]>) connection.getNativeConnection())
        .getStatefulConnection();
  }

  @Override
  public @Nullable String answerIn(Throwable failure) {
    return ServerErrors.messageOf(RedisCommandExecutionException.class, failure);
  }

  @Override
  public String server() {
    boolean alone =
        application.getSentinelConfiguration() == null
            && application.getClusterConfiguration() == null
            && application.getSocketConfiguration() == null;
    return alone ? application.getHostName() + ":" + application.getPort() : "";
  }

  @Override
  public boolean encrypts() {
    return application.isUseSsl();
  }

  @Override
  public void close() {
    client.close();
  }

  /** A subscribed Lettuce connection. */
  private record LettuceAttachment(
      StatefulRedisPubSubConnection<byte[], byte[]> wire, Topics topics, Runnable closing)
      implements Attachment {

    @Override
    public boolean tryAskForConfirmation() {
      var unused = wire.async().subscribe(topics.ownBytes());
      return true;
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  /** Reports, on the event loop, the end of the connection. */
  private record LossListener(Consumer<Throwable> lost) implements RedisConnectionStateListener {

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      lost.accept(new ChannelException("the connection has ended", null));
    }
  }
}
