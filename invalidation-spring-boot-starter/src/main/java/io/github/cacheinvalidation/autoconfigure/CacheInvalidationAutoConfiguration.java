package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.autoconfigure.internal.beans.ImportBeans;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;

/**
 * Auto-configuration for coherent local caches: a cache manager whose writes all nodes receive. It
 * takes precedence over the cache managers that Spring Boot would choose. It is beside the default
 * cache manager, under the name {@code invalidationCacheManager}, if the application has a cache
 * manager of its own, sets {@code spring.cache.type} to anything but {@code caffeine}, or
 * configures the caches of another provider and no Caffeine cache. It is inactive if {@code
 * spring.cache.type} is {@code none}, or if caching stays off, see {@code
 * invalidation.enable-caching}.
 */
@AutoConfiguration(
    before = CacheAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.data.couchbase.autoconfigure.DataCouchbaseAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
      "org.springframework.boot.hazelcast.autoconfigure.HazelcastAutoConfiguration"
    })
@ImportBeans
public final class CacheInvalidationAutoConfiguration {}
