package io.github.cacheinvalidation.autoconfigure.internal.provider;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cache providers other than Caffeine that Spring Boot detects, in the order in which Spring
 * Boot tries them. Types are named by strings, because most of them are not on the class path.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are created by List.of
public enum CacheProvider {
  GENERIC(
      "org.springframework.cache.support.SimpleCacheManager",
      List.of(),
      "a Cache bean",
      List.of(),
      List.of("org.springframework.cache.Cache"),
      "org.springframework.cache.Cache"),
  JCACHE(
      "org.springframework.cache.jcache.JCacheCacheManager",
      List.of("javax.cache.Caching"),
      "exactly one JCache provider on the class path, or one javax.cache.CacheManager bean",
      List.of("spring.cache.jcache.config", "spring.cache.jcache.provider"),
      List.of(
          "org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer",
          "org.springframework.boot.cache.autoconfigure.JCachePropertiesCustomizer",
          "javax.cache.configuration.Configuration",
          "javax.cache.CacheManager"),
      null),
  HAZELCAST(
      "com.hazelcast.spring.cache.HazelcastCacheManager",
      List.of("com.hazelcast.core.HazelcastInstance"),
      "Hazelcast with its Spring module, and one HazelcastInstance bean",
      List.of(),
      List.of(),
      "com.hazelcast.core.HazelcastInstance"),
  COUCHBASE(
      "org.springframework.data.couchbase.cache.CouchbaseCacheManager",
      List.of(
          "com.couchbase.client.java.Cluster",
          "org.springframework.data.couchbase.CouchbaseClientFactory"),
      "Spring Data Couchbase, and one CouchbaseClientFactory bean",
      List.of("spring.cache.couchbase.expiration"),
      List.of(
          "org.springframework.boot.cache.autoconfigure.CouchbaseCacheManagerBuilderCustomizer"),
      "org.springframework.data.couchbase.CouchbaseClientFactory"),
  INFINISPAN(
      "org.infinispan.spring.embedded.provider.SpringEmbeddedCacheManager",
      List.of(),
      "Infinispan with its Spring module",
      List.of("spring.cache.infinispan.config"),
      List.of(
          "org.infinispan.configuration.cache.ConfigurationBuilder",
          "org.infinispan.manager.EmbeddedCacheManager"),
      null),
  REDIS(
      "org.springframework.data.redis.cache.RedisCacheManager",
      List.of("org.springframework.data.redis.connection.RedisConnectionFactory"),
      "Spring Data Redis, and a RedisConnectionFactory bean",
      List.of(
          "spring.cache.redis.cache-null-values",
          "spring.cache.redis.enable-statistics",
          "spring.cache.redis.key-prefix",
          "spring.cache.redis.time-to-live",
          "spring.cache.redis.use-key-prefix"),
      List.of(
          "org.springframework.data.redis.cache.RedisCacheConfiguration",
          "org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer"),
      "org.springframework.data.redis.connection.RedisConnectionFactory"),
  CACHE2K(
      "org.cache2k.extra.spring.SpringCache2kCacheManager",
      List.of("org.cache2k.Cache2kBuilder"),
      "Cache2k with its Spring module",
      List.of(),
      List.of("org.springframework.boot.cache.autoconfigure.Cache2kBuilderCustomizer"),
      null);

  private final String manager;

  private final List<String> libraries;

  private final String needs;

  private final List<String> properties;

  private final List<String> signs;

  private final @Nullable String client;

  CacheProvider(
      String manager,
      List<String> libraries,
      String needs,
      List<String> properties,
      List<String> signs,
      @Nullable String client) {
    this.manager = manager;
    this.libraries = libraries;
    this.needs = needs;
    this.properties = properties;
    this.signs = signs;
    this.client = client;
  }

  /** Returns the type of the cache manager that Spring Boot creates for this provider. */
  String manager() {
    return manager;
  }

  /** Returns the other types without which Spring Boot does not choose this provider. */
  List<String> libraries() {
    return libraries;
  }

  /** Returns what Spring Boot must find to choose this provider, as an object of a sentence. */
  String needs() {
    return needs;
  }

  /** Returns the properties that configure the caches of this provider and no other. */
  List<String> properties() {
    return properties;
  }

  /** Returns the types of beans that configure the caches of this provider and no other. */
  List<String> signs() {
    return signs;
  }

  /** Returns the type of the bean that Spring Boot needs for the cache manager, or null. */
  @Nullable String client() {
    return client;
  }

  /** Returns whether Spring Boot needs exactly one bean of the client, or a primary one. */
  boolean needsSingleClient() {
    return this == HAZELCAST || this == COUCHBASE;
  }

  /**
   * Returns the types of the beans that Spring Boot declares together with the cache manager, that
   * manager included, if a bean of the application may need one of them, such as the second-level
   * cache of Hibernate.
   */
  List<String> declared() {
    return switch (this) {
      case JCACHE -> List.of("javax.cache.CacheManager", manager);
      case INFINISPAN -> List.of("org.infinispan.manager.EmbeddedCacheManager", manager);
      default -> List.of();
    };
  }

  /** Returns the value of {@code spring.cache.type} that selects this provider. */
  public String type() {
    return name().toLowerCase(Locale.ROOT);
  }
}
