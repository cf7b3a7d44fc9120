package com.example.shop.before;

import com.alicp.jetcache.anno.CacheInvalidate;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.anno.Cached;
import com.example.shop.Database;
import org.springframework.stereotype.Service;

/** Cached on each node and in Redis. */
@Service
public class Products {

  @Cached(
      name = "products:",
      key = "#id",
      cacheType = CacheType.BOTH,
      syncLocal = true,
      expire = 600)
  public String name(long id) {
    return Database.name(id);
  }

  @CacheInvalidate(name = "products:", key = "#id")
  public void rename(long id, String name) {
    Database.rename(id, name);
  }
}
