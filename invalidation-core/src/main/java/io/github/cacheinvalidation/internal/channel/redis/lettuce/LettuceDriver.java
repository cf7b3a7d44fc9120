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
 * Connections of Lettuce, from a client of our own that is made at the first of them: it takes a
 * while to load, and an application that starts does not wait for it.
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
   * No public method tells such a factory from a standalone one, and Spring cannot subscribe there.
   */
  private static void refuseStaticMasterReplica(LettuceConnectionFactory application) {
    Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, CONFIGURATION_FIELD);
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

  @Override
  public RedisConnection connect() {
    RedisConnection connection = client.get().connection();
    connection.getNativeConnection(); // connects, which Lettuce puts off until it must
    try {
      if (!(connection instanceof RedisClusterConnection)) { // that would ask every node
        connection.ping(); // loads the classes that a command needs
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
        throw new ChannelException("the connection broke while it was made", null);
      }
      if (!topics.patterns().isEmpty() && connection.getSubscription() != null) {
        connection.getSubscription().pSubscribe(topics.patternBytes());
      }
      return new LettuceAttachment(wire, topics, () -> close(wire));
    } catch (RuntimeException failure) {
      lost.accept(failure); // first, so that the reason is not that we closed it
      connection.close();
      throw failure;
    }
  }

  private void close(StatefulRedisPubSubConnection<?, ?> wire) {
    CompletableFuture<Void> closing =
        wire.closeAsync()
            .exceptionally(
                failure -> {
                  logger.debug("A subscription did not close in order", failure);
                  return null;
                });
    closings.accumulateAndGet(closing, CompletableFuture::allOf);
  }

  private void close(LettuceClient made) {
    awaitClosings();
    made.close();
  }

  /**
   * The client closes each connection that it still knows, and warns if that is closing already.
   */
  private void awaitClosings() {
    try {
      Objects.requireNonNull(closings.get())
          .get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException notInOrder) {
      logger.debug("Not all subscriptions closed in order", notInOrder);
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

  /** A connection of Lettuce that is subscribed. */
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

  /** Hears, on the event loop, when the connection ends. */
  private record LossListener(Consumer<Throwable> lost) implements RedisConnectionStateListener {

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      lost.accept(new ChannelException("the connection has ended", null));
    }
  }
}
