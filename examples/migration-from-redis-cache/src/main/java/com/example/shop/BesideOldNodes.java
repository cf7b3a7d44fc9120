package com.example.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import org.springframework.cache.Cache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Keeps new nodes and the cache in Redis together. Removed when the last old node is stopped. */
@Configuration
@Profile("beside-old-nodes")
class BesideOldNodes {

  /** Reads {@code products::7}, a key that an old node has deleted. Other keys mean nothing. */
  @Bean
  ForeignMessageReader deletedKeys() {
    return payload -> {
      String[] cacheAndKey = new String(payload, UTF_8).split("::", 2);
      return cacheAndKey.length == 2
          ? List.of(Invalidation.keys(cacheAndKey[0], cacheAndKey[1]))
          : List.of();
    };
  }

  /** Evicts in Redis what became stale here. There is no message to publish. */
  @Bean
  ForeignMessageWriter evictionsInRedis(RedisConnectionFactory redis) {
    RedisCacheManager oldCaches = RedisCacheManager.create(redis); // configured as on old nodes
    return stale -> {
      Cache old = oldCaches.getCache(stale.cache());
      if (stale instanceof Invalidation.Keys<Object> some) {
        some.keys().forEach(old::evict);
      } else {
        old.clear();
      }
      return null;
    };
  }
}
