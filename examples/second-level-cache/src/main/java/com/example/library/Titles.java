package com.example.library;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Its cache must be coherent, so it names the cache manager of the starter, and loads by a query
 * that does not read the second-level cache. That cache hears of no writes of other nodes.
 */
@Service
@CacheConfig(cacheNames = "titles", cacheManager = "invalidationCacheManager")
public class Titles {

  private final BookRepository books;

  Titles(BookRepository books) {
    this.books = books;
  }

  @Cacheable(key = "#id")
  public String of(long id) {
    return books.titleOf(id);
  }

  @CacheEvict(key = "#id")
  @Transactional
  public void change(long id, String title) {
    books.findById(id).orElseThrow().setTitle(title);
  }
}
