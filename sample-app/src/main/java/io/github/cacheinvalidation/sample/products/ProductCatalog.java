package io.github.cacheinvalidation.sample.products;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The products, cached on this node with Spring annotations only. A write evicts the product and
 * the list of its category on all nodes.
 */
@Service
class ProductCatalog {

  static final String PRODUCTS = "products";
  static final String PRODUCTS_BY_CATEGORY = "products-by-category";

  private final ProductTable table;

  ProductCatalog(ProductTable table) {
    this.table = table;
  }

  @Cacheable(cacheNames = PRODUCTS, key = "#id")
  public Product product(long id, Source source) {
    source.readDatabase();
    Product product = existing(id);
    source.pause();
    return product;
  }

  /**
   * Returns the products of a category in ascending order of their ids; an empty list if the
   * category is unknown.
   */
  @Cacheable(cacheNames = PRODUCTS_BY_CATEGORY, key = "#category", unless = "#result.isEmpty()")
  public List<Product> productsOf(String category, Source source) {
    source.readDatabase();
    return table.findByCategory(category);
  }

  @Transactional
  @Caching(
      evict = {
        @CacheEvict(cacheNames = PRODUCTS, key = "#id"),
        @CacheEvict(cacheNames = PRODUCTS_BY_CATEGORY, key = "#result.category")
      })
  public Product changePrice(long id, BigDecimal price) {
    table.changePrice(id, price);
    return existing(id);
  }

  /** Deletes a product and returns the deleted row. */
  @Transactional
  @Caching(
      evict = {
        @CacheEvict(cacheNames = PRODUCTS, key = "#id"),
        @CacheEvict(cacheNames = PRODUCTS_BY_CATEGORY, key = "#result.category")
      })
  public Product delete(long id) {
    Product product = existing(id);
    table.delete(id);
    return product;
  }

  private Product existing(long id) {
    return table.find(id).orElseThrow(() -> new UnknownProductException(id));
  }
}
