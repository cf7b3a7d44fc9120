package com.example.shop;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Does not change. */
@Service
public class Products {

  @Cacheable(cacheNames = "products", key = "#id")
  public String name(long id) {
    return Database.name(id);
  }

  @CacheEvict(cacheNames = "products", key = "#id")
  public void rename(long id, String name) {
    Database.rename(id, name);
  }

  @CacheEvict(cacheNames = "products", allEntries = true)
  public void imported() {}
}
