package io.github.cacheinvalidation.benchmarks;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheBuilder;
import com.alicp.jetcache.MultiLevelCache;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.JetCacheCodec;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.Kryo5ValueDecoder;
import com.alicp.jetcache.support.Kryo5ValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * JetCache with {@code syncLocal} over Lettuce, one manager for each node: Caffeine in front of
 * Redis ({@code BOTH}), its fast encoder (Kryo 5), and keys converted as its documentation
 * recommends. A writer of single keys waits for each key.
 */
final class JetCacheFleet implements Fleet {

  private static final int MOST = 2_000_000;

  private final boolean batched;
  private final List<SimpleCacheManager> managers = new ArrayList<>();
  private final Cache<Object, Object> writer;
  private final List<Cache<Object, Object>> receivers = new ArrayList<>();

  /**
   * Creates the fleet.
   *
   * @param batched whether the writer has all its keys at once and passes 256 of them in a call
   */
  JetCacheFleet(Server server, int receivers, boolean batched) {
    this.batched = batched;
    String name = "jetcache-" + UUID.randomUUID();
    writer = cache(server, name);
    for (int i = 0; i < receivers; i++) {
      this.receivers.add(cache(server, name));
    }
  }

  private Cache<Object, Object> cache(Server server, String name) {
    SimpleCacheManager manager = manager(server.client(), name);
    managers.add(manager);
    return cache(manager, name);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // JetCache's templates are arrays of raw maps
  static SimpleCacheManager manager(RedisClient client, String name) {
    CacheBuilder local =
        CaffeineCacheBuilder.createCaffeineCacheBuilder()
            .limit(MOST)
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE);
    CacheBuilder remote =
        RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
            .valueEncoder(Kryo5ValueEncoder.INSTANCE)
            .valueDecoder(Kryo5ValueDecoder.INSTANCE)
            .broadcastChannel(name)
            .redisClient(client)
            .pubSubConnection(client.connectPubSub(new JetCacheCodec()));
    CacheBuilderTemplate template =
        new CacheBuilderTemplate(
            false, new Map[] {Map.of("default", local), Map.of("default", remote)});
    template.getCacheMonitorInstallers().add(new NotifyMonitorInstaller(area -> remote));
    SimpleCacheManager manager = new SimpleCacheManager();
    manager.setCacheBuilderTemplate(template);
    return manager;
  }

  static Cache<Object, Object> cache(SimpleCacheManager manager, String name) {
    return manager.getOrCreateCache(
        QuickConfig.newBuilder(name)
            .cacheType(CacheType.BOTH)
            .syncLocal(true)
            .expire(Duration.ofHours(1))
            .localLimit(MOST)
            .build());
  }

  private static com.github.benmanes.caffeine.cache.Cache<?, ?> entries(Cache<?, ?> cache) {
    Cache<?, ?> inner = cache;
    while (inner instanceof com.alicp.jetcache.ProxyCache<?, ?> proxy) {
      inner = proxy.getTargetCache();
    }
    Cache<?, ?> local = ((MultiLevelCache<?, ?>) inner).caches()[0];
    return local.unwrap(com.github.benmanes.caffeine.cache.Cache.class);
  }

  @Override
  public String name() {
    return batched ? "jetcache batched" : "jetcache";
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
        writer.removeAll(
            new HashSet<>(keys.subList(from, Math.min(keys.size(), from + RawFleet.BATCH))));
      }
    } else {
      keys.forEach(writer::remove);
    }
  }

  @Override
  public LongStream held() {
    return receivers.stream().mapToLong(receiver -> entries(receiver).estimatedSize());
  }

  @Override
  public void close() {
    managers.forEach(SimpleCacheManager::close);
  }
}
