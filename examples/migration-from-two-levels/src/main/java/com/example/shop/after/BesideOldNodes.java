package com.example.shop.after;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheManager;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.autoconfigure.JetCacheAutoConfiguration;
import com.alicp.jetcache.template.QuickConfig;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;

/** Keeps new nodes and JetCache together. Removed when the last old node is stopped. */
@Configuration
@Profile("beside-old-nodes")
@Import(JetCacheAutoConfiguration.class)
class BesideOldNodes {

  /** Reads {@code products:7}, a key that an old node has deleted. Other keys mean nothing. */
  @Bean
  ForeignMessageReader deletedKeys() {
    return payload -> {
      String[] cacheAndKey = new String(payload, UTF_8).split(":", 2);
      return cacheAndKey.length == 2
          ? List.of(Invalidation.keys(cacheAndKey[0], cacheAndKey[1]))
          : List.of();
    };
  }

  /** Removes in JetCache what became stale here. JetCache tells the old nodes. */
  @Bean
  ForeignMessageWriter removalsInJetCache(CacheManager jetCache) {
    return stale -> {
      Cache<Object, Object> old =
          jetCache.getOrCreateCache(
              QuickConfig.newBuilder(stale.cache() + ":")
                  .cacheType(CacheType.BOTH)
                  .syncLocal(true)
                  .build());
      if (stale instanceof Invalidation.Keys<Object> some) {
        old.removeAll(Set.copyOf(some.keys()));
      }
      return null; // JetCache cannot clear a cache, and publishes its messages itself
    };
  }
}
