package com.example.shop.before;

import com.example.shop.Database;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Service;

/** Evicts here, publishes {@code products:7} by hand, and evicts what other nodes publish. */
@Service
public class Products {

  private final CacheManager caches;

  private final StringRedisTemplate redis;

  Products(CacheManager caches, StringRedisTemplate redis) {
    this.caches = caches;
    this.redis = redis;
  }

  @Cacheable(cacheNames = "products", key = "#id")
  public String name(long id) {
    return Database.name(id);
  }

  public void rename(long id, String name) {
    Database.rename(id, name);
    received("products:" + id);
    redis.convertAndSend("cache:evict", "products:" + id);
  }

  void received(String message) {
    String[] cacheAndKey = message.split(":", 2);
    Cache cache = caches.getCache(cacheAndKey[0]);
    if (cache != null) {
      cache.evict(Long.valueOf(cacheAndKey[1]));
    }
  }
}
