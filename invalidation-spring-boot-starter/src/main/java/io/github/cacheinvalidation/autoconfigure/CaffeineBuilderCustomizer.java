package io.github.cacheinvalidation.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Changes how single caches of the node are built. A bean of this type can set what a Caffeine spec
 * cannot express, such as an {@code Expiry}, a weigher, a listener or a statistics counter:
 *
 * <pre>{@code
 * @Bean
 * CaffeineBuilderCustomizer sessions() {
 *   return (cache, builder) -> {
 *     if (cache.equals("sessions")) {
 *       builder.expireAfter(Expiry.accessing((key, value) -> Duration.ofMinutes(30)));
 *     }
 *   };
 * }
 * }</pre>
 *
 * <p>The beans are called in their order, for every cache of the node that is built from a spec or
 * from no configuration, but not for a cache that is built from a {@code Caffeine} bean: such a
 * builder is shared. They are called whenever an instance of the cache is built: several times when
 * the cache is created, and at each clear. A call must set the same each time, be fast, not block,
 * and use no cache. It may come from any thread, and from several threads at once.
 *
 * <p>Keys are never weak, and nothing is refreshed: {@code weakKeys} and {@code refreshAfterWrite}
 * are refused. A listener may be called on a thread that applies the invalidations of other nodes,
 * so a slow one delays them.
 */
@FunctionalInterface
public interface CaffeineBuilderCustomizer {

  /**
   * Changes the builder of a cache.
   *
   * @param cacheName the name of the cache
   * @param builder a new builder, to which the spec of the cache was applied; Caffeine refuses a
   *     second value for a setting
   * @throws RuntimeException if the cache cannot be built; at start, that stops the start if the
   *     name of the cache is known, and later the caller of {@code CacheManager.getCache} gets it
   */
  void customize(String cacheName, Caffeine<Object, Object> builder);
}
