package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;

/**
 * Redisson's map with a local cache, configured as in {@link RedissonFleet} and used as a cache: a
 * missing value is loaded and put, and a write removes the key.
 */
final class RedissonReplicas implements Replicas {

  private final Freshness source;
  private final List<RedissonClient> clients = new ArrayList<>();
  private final List<RLocalCachedMap<Object, Object>> maps = new ArrayList<>();

  RedissonReplicas(Server server, Freshness source, int nodes, IntUnaryOperator ports) {
    this.source = source;
    String name = "staleness-" + UUID.randomUUID();
    for (int i = 0; i < nodes; i++) {
      RedissonClient client = RedissonFleet.client(ports.applyAsInt(i));
      clients.add(client);
      maps.add(RedissonFleet.map(client, name));
    }
  }

  @Override
  public long read(int node, int key) {
    RLocalCachedMap<Object, Object> map = maps.get(node);
    if (map.get((long) key) instanceof String cached) {
      return Long.parseLong(cached);
    }
    long loaded = source.load(key);
    map.fastPut((long) key, String.valueOf(loaded));
    return loaded;
  }

  @Override
  public void written(int node, int key) {
    maps.get(node).fastRemove((long) key);
  }

  @Override
  public void close() {
    clients.forEach(RedissonClient::shutdown);
  }
}
