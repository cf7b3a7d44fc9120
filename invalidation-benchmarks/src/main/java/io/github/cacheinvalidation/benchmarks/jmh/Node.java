package io.github.cacheinvalidation.benchmarks.jmh;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * A started node with the default settings, on a channel within the JVM. Also creates Spring caches
 * for comparison.
 */
final class Node implements AutoCloseable {

  static final String SPEC = "maximumSize=100000,expireAfterWrite=10m,recordStats";

  /** A spec with the cheapest hit: Caffeine neither reads a clock nor counts. */
  static final String BARE_SPEC = "maximumSize=100000";

  static final String CACHE = "products";

  private final DefaultInvalidationNode node;

  Node() {
    this(SPEC);
  }

  Node(String spec) {
    LocalHub hub = new LocalHub();
    CountDownLatch joined = new CountDownLatch(1);
    node =
        DefaultInvalidationNode.builder()
            .channel(() -> hub.open("benchmark"))
            .caches(name -> CacheSettings.ofSpec(spec, Duration.ofSeconds(10), false))
            .cacheNames(List.of(CACHE))
            .observer(
                new InvalidationObserver() {
                  @Override
                  public void joined() {
                    joined.countDown();
                  }
                })
            .build();
    node.start();
    try {
      if (!joined.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the node did not join");
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  DefaultInvalidationNode node() {
    return node;
  }

  Cache cache() {
    return node.cacheManager().getCache(CACHE);
  }

  /** Returns Spring's cache with the same spec. */
  static CaffeineCache plain() {
    return plain(SPEC);
  }

  static CaffeineCache plain(String spec) {
    return new CaffeineCache(CACHE, com.github.benmanes.caffeine.cache.Caffeine.from(spec).build());
  }

  static com.github.benmanes.caffeine.cache.Cache<Object, Object> entries() {
    return com.github.benmanes.caffeine.cache.Caffeine.from(SPEC).build();
  }

  @Override
  public void close() {
    node.close();
  }
}
