package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The simplest implementation: {@code convertAndSend} after each write, a listener that evicts, and
 * {@code @Cacheable}, which gets and then puts. Lettuce reconnects and resubscribes by itself.
 */
final class BlockingReplicas implements Replicas {

  private final String channel = "staleness-" + UUID.randomUUID();
  private final Freshness source;
  private final List<Cache> caches = new ArrayList<>();
  private final List<StringRedisTemplate> templates = new ArrayList<>();
  private final List<StatefulRedisPubSubConnection<String, String>> subscribers = new ArrayList<>();

  BlockingReplicas(Server server, Freshness source, int nodes, IntUnaryOperator ports) {
    this.source = source;
    for (int i = 0; i < nodes; i++) {
      Cache cache = new CaffeineCache("products", Caffeine.from(SPEC).build());
      StatefulRedisPubSubConnection<String, String> subscriber =
          server.client(ports.applyAsInt(i)).connectPubSub();
      subscriber.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
              cache.evict(Integer.valueOf(message));
            }
          });
      subscriber.sync().subscribe(channel);
      caches.add(cache);
      subscribers.add(subscriber);
      templates.add(new StringRedisTemplate(server.connectionFactory(ports.applyAsInt(i))));
    }
  }

  @Override
  public long read(int node, int key) {
    Cache cache = caches.get(node);
    Cache.ValueWrapper cached = cache.get(key);
    if (cached != null && cached.get() instanceof Long value) {
      return value;
    }
    long loaded = source.load(key);
    cache.put(key, loaded);
    return loaded;
  }

  @Override
  public void written(int node, int key) {
    caches.get(node).evict(key);
    templates.get(node).convertAndSend(channel, String.valueOf(key));
  }

  @Override
  public void close() {
    subscribers.forEach(StatefulRedisPubSubConnection::close);
  }
}
