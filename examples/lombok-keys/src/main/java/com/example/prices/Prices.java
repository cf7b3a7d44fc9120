package com.example.prices;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Prices from a source that all nodes of this JVM share. */
@Service
public class Prices {

  private static final Map<Article, Integer> SOURCE = new ConcurrentHashMap<>();

  @Cacheable("prices")
  public int of(Article article) {
    return SOURCE.getOrDefault(article, 0);
  }

  @CacheEvict(cacheNames = "prices", key = "#article")
  public void change(Article article, int price) {
    SOURCE.put(article, price);
  }
}
