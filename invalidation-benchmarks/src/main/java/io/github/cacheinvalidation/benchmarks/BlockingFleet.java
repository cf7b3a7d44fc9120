package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The simplest implementation: {@code convertAndSend} after each write, one key in each message.
 */
final class BlockingFleet implements Fleet {

  private final String channel = "blocking-" + UUID.randomUUID();
  private final StringRedisTemplate template;
  private final Cache<Object, Object> own = Fleet.selfMaintained();
  private final List<Cache<Object, Object>> caches = new ArrayList<>();
  private final List<StatefulRedisPubSubConnection<String, String>> subscribers = new ArrayList<>();

  BlockingFleet(Server server, int receivers) {
    template = new StringRedisTemplate(server.connectionFactory());
    for (int i = 0; i < receivers; i++) {
      Cache<Object, Object> cache = Fleet.selfMaintained();
      StatefulRedisPubSubConnection<String, String> subscriber = server.client().connectPubSub();
      subscriber.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
              cache.invalidate(Long.valueOf(message));
            }
          });
      subscriber.sync().subscribe(channel);
      caches.add(cache);
      subscribers.add(subscriber);
    }
  }

  @Override
  public String name() {
    return "blocking publish";
  }

  @Override
  public void fill(List<Object> keys) {
    caches.forEach(cache -> keys.forEach(key -> cache.put(key, VALUE)));
  }

  @Override
  public void invalidate(List<Object> keys) {
    for (Object key : keys) {
      own.invalidate(key);
      publish(key);
    }
  }

  void publish(Object key) {
    template.convertAndSend(channel, key.toString());
  }

  @Override
  public LongStream held() {
    return caches.stream().mapToLong(Cache::estimatedSize);
  }

  @Override
  public void requireValid() {
    if (subscribers.stream().anyMatch(subscriber -> !subscriber.isOpen())) {
      throw new VoidRunException("a subscriber lost its connection");
    }
  }

  @Override
  public void close() {
    subscribers.forEach(StatefulRedisPubSubConnection::close);
  }
}
