package com.example.catalog;

import java.util.Optional;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.repository.Repository;

/** Cache annotations directly on a repository. */
public interface Products extends Repository<Product, Long> {

  @Cacheable(cacheNames = "products", key = "#id")
  Optional<Product> findById(Long id);

  @CacheEvict(cacheNames = "products", key = "#product.id")
  Product save(Product product);
}
