package io.github.cacheinvalidation.sample.products;

import io.github.cacheinvalidation.SourceOfTruth;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads products from the database, so that each node can find cached products that are stale. */
@Component
class StoredProducts implements SourceOfTruth {

  private final ProductTable table;

  StoredProducts(ProductTable table) {
    this.table = table;
  }

  @Override
  public String cache() {
    return ProductCatalog.PRODUCTS;
  }

  @Override
  public @Nullable Object read(Object key) {
    return table.find((Long) key).orElse(null);
  }
}
