package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.LazyClient;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Lettuce connections with a client of this channel. The client is created with the first
 * connection: it is slow to load, and the start of the application does not wait for that.
 */
public final class LettuceDriver implements Driver {

  private static final Logger logger = LoggerFactory.getLogger(LettuceDriver.class);

  private final LettuceTarget target;
  private final RedisChannelSettings settings;
  private final LazyClient<LettuceClient> client;
  private final AtomicReference<CompletableFuture<Void>> closings =
      new AtomicReference<>(CompletableFuture.completedFuture(null));

  public LettuceDriver(LettuceTarget target, RedisChannelSettings settings) {
    this.target = target;
    this.settings = settings;
    this.client =
        new LazyClient<>(
            () -> new LettuceClient(target.settings().get(), settings),
            this::close,
            ConnectTimeout.patience(settings.timeout()),
            settings.timeout());
  }

  @Override
  public Connection connect() {
    return connectWith(settings.timeout());
  }

  @Override
  public Connection connectToRead(Duration wait) {
    return connectWith(settings.timeout().plus(wait));
  }

  private Connection connectWith(Duration timeout) {
    LettuceConnection connection = client.get().connect();
    try {
      connection.ping(); // loads the classes that commands need
    } catch (RuntimeException failure) {
      if (answerIn(failure) == null) {
        connection.close();
        throw failure;
      }
    }
    connection.setTimeout(timeout);
    return connection;
  }

  @Override
  public boolean tryExecute(Runnable task) {
    LettuceClient present = client.ifMade();
    return present != null && present.tryExecute(task);
  }

  @Override
  public Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost) {
    StatefulRedisPubSubConnection<byte[], byte[]> wire =
        topics.sharded()
            ? client.get().connectToShard(topics.ownBytes())
            : client.get().connectToSubscribe();
    try {
      wire.addListener(new Listening(listener, lost));
      wire.addListener(new LossListener(lost));
      if (topics.sharded()) {
        LettuceConnection.await(wire, wire.async().ssubscribe(topics.ownBytes()));
      }
      LettuceConnection.await(wire, wire.async().subscribe(topics.channelBytes()));
      if (!topics.patterns().isEmpty()) {
        LettuceConnection.await(wire, wire.async().psubscribe(topics.patternBytes()));
      }
      if (!wire.isOpen()) {
        throw new ChannelException("the connection ended while subscribing", null);
      }
      return new LettuceAttachment(wire, topics, () -> close(wire));
    } catch (RuntimeException failure) {
      lost.accept(failure); // before the close, so that the real reason is reported
      wire.close();
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

  @Override
  public @Nullable String answerIn(Throwable failure) {
    return ServerErrors.messageOf(RedisCommandExecutionException.class, failure);
  }

  @Override
  public String server() {
    return target.server();
  }

  @Override
  public boolean encrypts() {
    return target.encrypted();
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
      byte[] own = topics.ownBytes();
      var unused = topics.sharded() ? wire.async().ssubscribe(own) : wire.async().subscribe(own);
      return true;
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  /** Passes on, on the event loop, what the server sends. */
  private static final class Listening extends RedisPubSubAdapter<byte[], byte[]> {

    private final TopicListener target;
    private final Consumer<Throwable> lost;

    Listening(TopicListener target, Consumer<Throwable> lost) {
      this.target = target;
      this.lost = lost;
    }

    @Override
    public void message(byte[] channel, byte[] message) {
      target.onMessage(channel, message, null);
    }

    @Override
    public void message(byte[] pattern, byte[] channel, byte[] message) {
      target.onMessage(channel, message, pattern);
    }

    @Override
    public void subscribed(byte[] channel, long count) {
      target.onChannelSubscribed(channel);
    }

    @Override
    public void psubscribed(byte[] pattern, long count) {
      target.onPatternSubscribed(pattern);
    }

    @Override
    public void smessage(byte[] channel, byte[] message) {
      target.onMessage(channel, message, null);
    }

    @Override
    public void ssubscribed(byte[] channel, long count) {
      target.onShardChannelSubscribed(channel);
    }

    /** This class never asks for that: another server has the slot of the channel now. */
    @Override
    public void sunsubscribed(byte[] channel, long count) {
      lost.accept(new ChannelException("the slot of the channel has moved", null));
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
