package io.github.cacheinvalidation.test.shop;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The products of the shop, in a table. */
@Service
public class Products {

  private final JdbcClient database;

  Products(JdbcClient database) {
    this.database = database;
  }

  /** Returns the name of a product. */
  @Cacheable(cacheNames = "products", key = "#id")
  public String name(long id) {
    return database
        .sql("select name from product where id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  /** Changes the name of a product. */
  @Transactional
  @CacheEvict(cacheNames = "products", key = "#id")
  public void rename(long id, String name) {
    database.sql("update product set name = ? where id = ?").params(name, id).update();
  }

  /** Changes the name of a product, and returns it. */
  @Transactional
  @CachePut(cacheNames = "products", key = "#id")
  public String renamed(long id, String name) {
    rename(id, name);
    return name;
  }

  /** Changes the names of all products. */
  @Transactional
  @CacheEvict(cacheNames = "products", allEntries = true)
  public void renameAll(String name) {
    database.sql("update product set name = ?").param(name).update();
  }
}
