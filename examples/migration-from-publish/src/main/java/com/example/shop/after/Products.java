package com.example.shop.after;

import com.example.shop.Database;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** The same service without a line about Redis. */
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
}
