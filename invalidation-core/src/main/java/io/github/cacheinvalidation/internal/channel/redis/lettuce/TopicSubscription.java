package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A subscription to one topic over a connection that other topics can use too. */
final class TopicSubscription implements Driver.Attachment {

  private final SharedConnection connection;

  private final StatefulRedisPubSubConnection<byte[], byte[]> wire;

  private final Topic topic;

  private final Listening listening;

  private final LossListener losses;

  private final AtomicBoolean closed = new AtomicBoolean();

  private volatile boolean refused;

  TopicSubscription(
      SharedConnection connection, Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    this.connection = connection;
    this.wire = connection.wire();
    this.topic = topic;
    this.listening = new Listening(topic, listener, lost);
    this.losses = new LossListener(lost);
  }

  /**
   * Subscribes, and waits for the confirmation. To a shard channel it subscribes in both ways:
   * nodes of another transport and other programs publish on the plain channel of the same name.
   */
  void begin() {
    wire.addListener(listening);
    wire.addListener(losses);
    try {
      LettuceConnection.await(wire, subscribe());
      if (topic.sharded()) {
        LettuceConnection.await(wire, wire.async().subscribe(topic.bytes()));
      }
    } catch (RedisCommandExecutionException answered) {
      refused = true;
      throw answered;
    }
    if (!wire.isOpen()) {
      throw new ChannelException("the connection ended while subscribing", null);
    }
  }

  private RedisFuture<Void> subscribe() {
    byte[] name = topic.bytes();
    return switch (topic.kind()) {
      case CHANNEL -> wire.async().subscribe(name);
      case PATTERN -> wire.async().psubscribe(name);
      case SHARD_CHANNEL -> wire.async().ssubscribe(name);
    };
  }

  @Override
  public boolean tryAskForConfirmation() {
    var unused = subscribe();
    return true;
  }

  /** Does not unsubscribe: the connection may be dead, and nobody listens to the topic any more. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      wire.removeListener(listening);
      wire.removeListener(losses);
      connection.leave(refused);
    }
  }

  /** Passes on, on the event loop, what the server sends for the topic. */
  private static final class Listening extends RedisPubSubAdapter<byte[], byte[]> {

    private final Topic topic;

    private final byte[] name;

    private final TopicListener target;

    private final Consumer<Throwable> lost;

    /**
     * Whether the plain channel is subscribed, which is the last of two steps for a shard channel.
     */
    private volatile boolean complete;

    Listening(Topic topic, TopicListener target, Consumer<Throwable> lost) {
      this.topic = topic;
      this.name = topic.bytes();
      this.target = target;
      this.lost = lost;
    }

    private boolean concerns(byte[] subscribed, boolean pattern) {
      return topic.pattern() == pattern && Arrays.equals(subscribed, name);
    }

    @Override
    public void message(byte[] channel, byte[] message) {
      if (concerns(channel, false)) {
        target.onMessage(channel, message);
      }
    }

    @Override
    public void message(byte[] pattern, byte[] channel, byte[] message) {
      if (concerns(pattern, true)) {
        target.onMessage(channel, message);
      }
    }

    @Override
    public void subscribed(byte[] channel, long count) {
      if (concerns(channel, false)) {
        complete = true;
        target.onSubscribed();
      }
    }

    @Override
    public void smessage(byte[] channel, byte[] message) {
      if (concernsShard(channel)) {
        target.onMessage(channel, message);
      }
    }

    /** The first answer is one of two; later ones are asked for, to check the connection. */
    @Override
    public void ssubscribed(byte[] channel, long count) {
      if (complete && concernsShard(channel)) {
        target.onSubscribed();
      }
    }

    /** This class never asks for that: another server has the slot of the channel now. */
    @Override
    public void sunsubscribed(byte[] channel, long count) {
      if (concernsShard(channel)) {
        lost.accept(new ChannelException("the slot of the channel has moved", null));
      }
    }

    private boolean concernsShard(byte[] subscribed) {
      return topic.sharded() && Arrays.equals(subscribed, name);
    }

    @Override
    public void psubscribed(byte[] pattern, long count) {
      if (concerns(pattern, true)) {
        target.onSubscribed();
      }
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
