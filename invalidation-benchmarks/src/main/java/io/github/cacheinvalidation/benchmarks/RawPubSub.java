package io.github.cacheinvalidation.benchmarks;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Pub/Sub or sharded Pub/Sub over Lettuce. The event loop of a receiver applies the bodies. */
final class RawPubSub implements RawWire {

  private final byte[] channel = (PREFIX + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  private final Server server;
  private final boolean sharded;
  private final StatefulRedisConnection<byte[], byte[]> publisher;
  private final List<StatefulRedisPubSubConnection<byte[], byte[]>> subscribers = new ArrayList<>();
  private volatile boolean closed;

  RawPubSub(Server server, boolean sharded) {
    this.server = server;
    this.sharded = sharded;
    this.publisher = server.connection();
  }

  @Override
  public Future<?> send(byte[] body) {
    return sharded
        ? publisher.async().spublish(channel, body)
        : publisher.async().publish(channel, body);
  }

  @Override
  public void receive(Consumer<byte[]> target) {
    StatefulRedisPubSubConnection<byte[], byte[]> subscriber =
        server.client().connectPubSub(ByteArrayCodec.INSTANCE);
    subscriber.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] from, byte[] body) {
            target.accept(body);
          }

          @Override
          public void smessage(byte[] from, byte[] body) {
            target.accept(body);
          }
        });
    if (sharded) {
      subscriber.sync().ssubscribe(channel);
    } else {
      subscriber.sync().subscribe(channel);
    }
    subscribers.add(subscriber);
  }

  /**
   * Redis disconnects a subscriber that falls too far behind, and drops the messages in its buffer.
   */
  @Override
  public void requireValid() {
    if (closed || subscribers.stream().anyMatch(subscriber -> !subscriber.isOpen())) {
      throw new VoidRunException("a subscriber lost its connection");
    }
  }

  @Override
  public void close() {
    closed = true;
    publisher.close();
    subscribers.forEach(StatefulRedisPubSubConnection::close);
  }
}
