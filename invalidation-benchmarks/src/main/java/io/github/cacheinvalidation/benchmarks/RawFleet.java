package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * A hand-written implementation with Lettuce and Caffeine: many keys in one message, as text
 * separated by commas, and several messages in flight. Messages are not verified, stored, or sent
 * again. Each node has a client of its own, and caches that are maintained by the calling thread.
 * The writer also invalidates its own cache.
 */
final class RawFleet implements Fleet {

  static final int BATCH = 256;

  private static final int MESSAGES_UNDER_WAY = 64;

  private final byte[] channel = ("raw-" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  private final boolean numbers;
  private final StatefulRedisConnection<byte[], byte[]> publisher;
  private final Cache<Object, Object> own = Fleet.selfMaintained();
  private final List<Cache<Object, Object>> caches = new ArrayList<>();
  private final List<StatefulRedisPubSubConnection<byte[], byte[]>> subscribers = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Creates the fleet.
   *
   * @param numbers whether keys are longs; otherwise they are texts without commas
   */
  RawFleet(Server server, int receivers, boolean numbers) {
    this.numbers = numbers;
    this.publisher = server.connection();
    for (int i = 0; i < receivers; i++) {
      Cache<Object, Object> cache = Fleet.selfMaintained();
      StatefulRedisPubSubConnection<byte[], byte[]> subscriber =
          server.client().connectPubSub(ByteArrayCodec.INSTANCE);
      subscriber.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] from, byte[] message) {
              apply(message, cache);
            }
          });
      subscriber.sync().subscribe(channel);
      caches.add(cache);
      subscribers.add(subscriber);
    }
  }

  private void apply(byte[] message, Cache<Object, Object> cache) {
    int begin = 0;
    while (begin < message.length) {
      int end = begin;
      while (end < message.length && message[end] != ',') {
        end++;
      }
      cache.invalidate(numbers ? number(message, begin, end) : text(message, begin, end));
      begin = end + 1;
    }
  }

  private static Object number(byte[] message, int begin, int end) {
    long value = 0;
    for (int i = begin; i < end; i++) {
      value = value * 10 + (message[i] - '0');
    }
    return value;
  }

  private static Object text(byte[] message, int begin, int end) {
    return new String(message, begin, end - begin, StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return "raw batches";
  }

  @Override
  public void fill(List<Object> keys) {
    caches.forEach(cache -> keys.forEach(key -> cache.put(key, VALUE)));
    caches.forEach(Cache::cleanUp);
  }

  @Override
  public void invalidate(List<Object> keys) {
    Deque<RedisFuture<Long>> underWay = new ArrayDeque<>();
    StringBuilder message = new StringBuilder(BATCH * 20);
    int count = 0;
    for (Object key : keys) {
      own.invalidate(key);
      if (count > 0) {
        message.append(',');
      }
      message.append(key);
      if (++count == BATCH) {
        publish(message, underWay);
        count = 0;
      }
    }
    if (count > 0) {
      publish(message, underWay);
    }
    underWay.forEach(RawFleet::await);
  }

  private void publish(StringBuilder message, Deque<RedisFuture<Long>> underWay) {
    if (underWay.size() == MESSAGES_UNDER_WAY) {
      await(underWay.remove());
    }
    byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
    underWay.add(publisher.async().publish(channel, body));
    message.setLength(0);
  }

  private static void await(RedisFuture<Long> published) {
    try {
      if (!published.await(5, TimeUnit.SECONDS)) {
        throw new VoidRunException("Redis did not answer");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    }
  }

  @Override
  public LongStream held() {
    return caches.stream().mapToLong(Cache::estimatedSize);
  }

  /**
   * Redis disconnects a subscriber that falls too far behind, and drops the messages in its buffer.
   */
  @Override
  public boolean startOver() {
    requireValid();
    caches.forEach(Cache::invalidateAll);
    return true;
  }

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
