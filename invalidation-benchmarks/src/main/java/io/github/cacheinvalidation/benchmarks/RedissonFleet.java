package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.LongCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;

/**
 * Redisson's map with a local cache, one client for each node. Configured for the most speed that
 * its documentation shows: codecs of plain numbers and strings, local entries in Caffeine, {@code
 * INVALIDATE}, and {@code fastRemove}, which returns no old value. A writer of single keys waits
 * for each key.
 */
final class RedissonFleet implements Fleet {

  private final boolean batched;
  private final List<RedissonClient> clients = new ArrayList<>();
  private final RLocalCachedMap<Object, Object> writer;
  private final List<RLocalCachedMap<Object, Object>> receivers = new ArrayList<>();

  /**
   * Creates the fleet.
   *
   * @param batched whether the writer has all its keys at once and passes 256 of them in a call
   */
  RedissonFleet(Server server, int receivers, boolean batched) {
    this.batched = batched;
    String name = "redisson-" + UUID.randomUUID();
    writer = map(server, name);
    for (int i = 0; i < receivers; i++) {
      this.receivers.add(map(server, name));
    }
  }

  private RLocalCachedMap<Object, Object> map(Server server, String name) {
    RedissonClient client = client(server.port());
    clients.add(client);
    return map(client, name);
  }

  static RedissonClient client(int port) {
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress("redis://" + Server.HOST + ":" + port)
        .setConnectionMinimumIdleSize(8);
    return Redisson.create(config);
  }

  static RLocalCachedMap<Object, Object> map(RedissonClient client, String name) {
    return client.getLocalCachedMap(
        LocalCachedMapOptions.<Object, Object>name(name)
            .codec(new CompositeCodec(LongCodec.INSTANCE, StringCodec.INSTANCE))
            .cacheProvider(LocalCachedMapOptions.CacheProvider.CAFFEINE)
            .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU)
            .cacheSize(2_000_000)
            .syncStrategy(LocalCachedMapOptions.SyncStrategy.INVALIDATE)
            .reconnectionStrategy(LocalCachedMapOptions.ReconnectionStrategy.CLEAR));
  }

  @Override
  public String name() {
    return batched ? "redisson batched" : "redisson";
  }

  @Override
  public void fill(List<Object> keys) {
    Map<Object, Object> entries = new HashMap<>();
    keys.forEach(key -> entries.put(key, VALUE));
    writer.putAll(entries);
    Set<Object> all = new HashSet<>(keys);
    List<Runnable> loads = new ArrayList<>();
    receivers.forEach(receiver -> loads.add(() -> receiver.getAll(all)));
    Filling.untilItStays(this, all.size(), loads);
  }

  @Override
  public void invalidate(List<Object> keys) {
    if (batched) {
      for (int from = 0; from < keys.size(); from += RawFleet.BATCH) {
        writer.fastRemove(
            keys.subList(from, Math.min(keys.size(), from + RawFleet.BATCH)).toArray());
      }
    } else {
      keys.forEach(writer::fastRemove);
    }
  }

  @Override
  public LongStream held() {
    return receivers.stream().mapToLong(receiver -> receiver.cachedKeySet().size());
  }

  /** An entry that is read while its invalidation arrives can stay in the local cache. */
  @Override
  public boolean startOver() {
    writer.delete();
    receivers.forEach(RLocalCachedMap::clearLocalCache);
    return true;
  }

  @Override
  public void close() {
    clients.forEach(RedissonClient::shutdown);
  }
}
